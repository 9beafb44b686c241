/** What the catalogue of @keepprob/gradients offers here. Made from the catalogues: test/compose.test.ts says how. */
import { fallback, given } from '../option.ts';
import { type Technique, technique } from '../technique.ts';

export const gradients: readonly Technique[] = [
  technique(
    'gradients',
    'plugin',
    'clipValue',
    'clips every element to ±c; this changes the direction of the step',
    { maxValue: given(1, { above: 0 }) },
    { adaptiveClip: 'two clips, the tighter decides' },
  ),
  technique(
    'gradients',
    'plugin',
    'clipNorm',
    'clips each weight’s gradient by its own norm',
    { maxNorm: given(1, { above: 0 }) },
    { clipGlobalNorm: 'after this one it has little effect' },
  ),
  technique(
    'gradients',
    'plugin',
    'clipGlobalNorm',
    'scales all gradients down by one factor; this keeps the direction',
    { maxNorm: given(1, { above: 0 }) },
    { clipNorm: 'before this one it leaves little to clip' },
  ),
  technique('gradients', 'plugin', 'adaptiveClip', 'clips each unit’s gradient by the norm of its incoming weights W', {
    maxRatio: given(0.01, { above: 0 }),
    epsilon: fallback(0.001, { above: 0 }),
  }),
  technique('gradients', 'plugin', 'centralize', 'subtracts the mean over the fan-in of each unit, on kernels', {}),
  technique(
    'gradients',
    'plugin',
    'gradientNoise',
    'adds noise that decreases with the update t, drawn from the run’s seed',
    { eta: given(0.01, { min: 0 }), gamma: fallback(0.55, { min: 0 }) },
  ),
  technique(
    'gradients',
    'plugin',
    'sam',
    'takes the gradient at the worst point nearby; the second pass replays the masks of the first',
    { rho: given(0.05, { min: 0 }) },
  ),
  technique(
    'gradients',
    'plugin',
    'accumulate',
    'computes each batch in k parts and makes one update; the result equals that of the whole batch, including masks',
    { parts: given(4, { min: 1, integer: true }) },
  ),
];
