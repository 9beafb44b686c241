/** What the catalogue of @keepprob/averaging offers here. Made from the catalogues: test/compose.test.ts says how. */
import { fallback, given } from '../option.ts';
import { type Technique, technique } from '../technique.ts';

export const averaging: readonly Technique[] = [
  technique(
    'averaging',
    'plugin',
    'ema',
    'averages the weights after every update, or after every nth (every); evaluation uses the average, and the model ends with it',
    { decay: given(0.999, { min: 0, below: 1 }), every: fallback(1, { min: 1, integer: true }) },
  ),
  technique(
    'averaging',
    'plugin',
    'lookahead',
    'every 5 updates slow weights follow the fast ones, and training continues from them; the model ends with the slow weights',
    { every: fallback(5, { min: 1, integer: true }), stepSize: fallback(0.5, { above: 0, max: 1 }) },
    { ema: 'averages the fast weights and their jumps back; use one of the two' },
  ),
  technique(
    'averaging',
    'plugin',
    'swa',
    'averages the weights at the ends of epochs from startEpoch on; the model ends with that mean',
    {
      startEpoch: given(0, { min: 0, integer: true }),
      learningRate: given(0.01, { above: 0 }),
      annealEpochs: fallback(0, { min: 0, integer: true }),
    },
  ),
];
