/** What the catalogue of @keepprob/l1 offers here. Made from the catalogues: test/compose.test.ts says how. */
import { given } from '../option.ts';
import { type Technique, technique } from '../technique.ts';

export const l1: readonly Technique[] = [
  technique(
    'l1',
    'plugin',
    'l1',
    'pulls weights to 0 with a constant force',
    { strength: given(0.0001, { min: 0 }) },
    { proximalL1: 'counted twice' },
  ),
  technique(
    'l1',
    'plugin',
    'elasticNet',
    'L1 and L2 together',
    { l1: given(0.0001, { min: 0 }), l2: given(0.0001, { min: 0 }) },
    { l2: 'the λ₂ add up' },
  ),
  technique(
    'l1',
    'plugin',
    'groupLasso',
    'shrinks whole units to zero; n is the fan-in of a unit',
    { strength: given(0.0001, { min: 0 }) },
    { unitNorm: 'fixes those norms' },
  ),
  technique(
    'l1',
    'plugin',
    'proximalL1',
    'sets small weights to true zeros after each update',
    { strength: given(0.0001, { min: 0 }) },
    { Adam: 'with it, the result is not the lasso', unitNorm: 'rescales the weights' },
  ),
];
