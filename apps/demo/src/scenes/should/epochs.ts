/** What the seeds so far have come to, epoch by epoch. */
import { quartersOf, type Spread } from '../../stage/spread.ts';
import { type Arm, arms, type Errors, type Report } from './reports.ts';

export type Quantity = keyof Errors;
type EpochReport = Extract<Report, { type: 'epoch' }>;

export interface Epoch {
  readonly epoch: number;
  /** Of each seed that has come so far. */
  readonly errors: readonly EpochReport['errors'][];
  /** Half of the seeds lie between the edges. */
  readonly spread: Readonly<Record<Quantity, Readonly<Record<Arm, Spread>>>>;
}

/** With one more seed at this epoch. */
export function withReport(epochs: readonly Epoch[], { epoch, errors }: EpochReport): readonly Epoch[] {
  const all = [...(epochs[epoch - 1]?.errors ?? []), errors];
  const both = (quantity: Quantity): Record<Arm, Spread> => ({
    off: quartersOf(all.map(({ off }) => off[quantity])),
    on: quartersOf(all.map(({ on }) => on[quantity])),
  });
  const next = [...epochs];
  next[epoch - 1] = { epoch, errors: all, spread: { train: both('train'), dev: both('dev') } };
  return next;
}

export const columnsOf = (epochs: readonly Epoch[], quantity: Quantity): number[][] => {
  const column = (arm: Arm, edge: keyof Spread): number[] => epochs.map(({ spread }) => spread[quantity][arm][edge]);
  return [
    epochs.map(({ epoch }) => epoch),
    ...arms.map(arm => column(arm, 'middle')),
    ...arms.flatMap(arm => [column(arm, 'lower'), column(arm, 'upper')]),
  ];
};
