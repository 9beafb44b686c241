/** What the catalogue of @keepprob/augment offers here. Made from the catalogues: test/compose.test.ts says how. */
import { fallback, given } from '../option.ts';
import { type Technique, technique } from '../technique.ts';

export const augment: readonly Technique[] = [
  technique(
    'augment',
    'batch',
    'labelSmoothing',
    'spreads a fraction ε of each label over all K classes',
    { smoothing: given(0.1, { min: 0, below: 1 }) },
    { mixup: 'with large α it already smooths; the order of the two does not matter' },
  ),
  technique('augment', 'batch', 'mixup', 'mixes inputs and labels of two samples, λ ~ Beta(α, α) for each', {
    alpha: given(0.2, { above: 0 }),
    probability: fallback(1, { min: 0, max: 1 }),
  }),
  technique('augment', 'batch', 'inputNoise', 'Gaussian noise on inputs of any rank', {
    stddev: given(0.1, { min: 0 }),
  }),
  technique('augment', 'around', 'randomApply', 'applies a plugin to a fraction p of the samples', {
    probability: given(0.5, { min: 0, max: 1 }),
  }),
  technique('augment', 'choice', 'oneOf', 'applies one of several plugins to each sample, all equally likely', {}),
  technique(
    'augment',
    'around',
    'untilEpoch',
    'applies a plugin in the first n epochs; stock fit needs callbacks: reg.callback',
    { epochs: given(1, { min: 0, integer: true }) },
  ),
  technique(
    'augment',
    'around',
    'fromEpoch',
    'applies a plugin after the first n epochs; stock fit needs callbacks: reg.callback',
    { epochs: given(1, { min: 0, integer: true }) },
  ),
];
