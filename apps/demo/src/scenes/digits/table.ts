/** The columns of the table behind the charts. */
import type { Quantity } from './reports.ts';

export const quantities: readonly (readonly [Quantity, string])[] = [
  ['trainError', 'Training error'],
  ['validationError', 'Dev error'],
  ['trainLoss', 'Training loss'],
  ['validationLoss', 'Dev loss'],
  ['gap', 'Gap'],
  ['trainPenalty', 'Training penalty'],
  ['validationPenalty', 'Dev penalty'],
  ['trainCost', 'Training J'],
  ['validationCost', 'Dev J'],
  ['squaredNorm', 'Σ w²'],
  ['spreadHidden1', 'Spread, hidden 1'],
  ['spreadHidden2', 'Spread, hidden 2'],
  ['spreadOutput', 'Spread, output'],
];
