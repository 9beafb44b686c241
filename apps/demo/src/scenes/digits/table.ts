/** The table behind the charts. */
import type { Row } from '../../stage/table.ts';
import { type Epoch, type Measured, type Quantity, twins } from './reports.ts';

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

/** Two for each epoch; of several seeds the mean, the least and the most of each network. */
export const rowsOf = (epochs: readonly Epoch[]): Row[] =>
  epochs.flatMap(epoch => {
    const { band } = epoch;
    const all: (readonly [words: string, measured: Measured])[] = band
      ? [
          [', mean', epoch],
          [', least', band.lower],
          [', most', band.upper],
        ]
      : [['', epoch]];
    return all.flatMap(([words, measured]) =>
      twins.map(twin => ({
        position: String(epoch.epoch),
        kind: `${twin}${words}`,
        values: quantities.map(([quantity]) => measured[twin][quantity]),
      })),
    );
  });
