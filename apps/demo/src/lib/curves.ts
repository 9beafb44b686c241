/** Which curves the page draws, and how each line can be told from the others without colour. */
import type { Epoch, Quantity, Twin } from './protocol.ts';

export interface Line {
  readonly twin: Twin;
  readonly quantity: Quantity;
  readonly label: string;
  /** Canvas dash pattern; [] is solid. */
  readonly dash: readonly number[];
  readonly width: number;
}

export interface Figure {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly lines: readonly Line[];
  readonly show: (value: number) => string;
  /** Of the axis: what a tick is multiplied by, and what is written behind it. */
  readonly axis: { readonly factor: number; readonly suffix: string };
}

export const styles = {
  plainTrain: { label: 'plain, train', dash: [2, 3], width: 1.5 },
  plainValidation: { label: 'plain, val.', dash: [7, 4], width: 2.25 },
  regularizedTrain: { label: 'reg., train', dash: [8, 3, 2, 3], width: 1.5 },
  regularizedValidation: { label: 'reg., val.', dash: [], width: 2.25 },
} as const;

const four = (train: Quantity, validation: Quantity): Line[] => [
  { twin: 'plain', quantity: train, ...styles.plainTrain },
  { twin: 'plain', quantity: validation, ...styles.plainValidation },
  { twin: 'regularized', quantity: train, ...styles.regularizedTrain },
  { twin: 'regularized', quantity: validation, ...styles.regularizedValidation },
];

export const percent = (value: number): string => `${(100 * value).toFixed(1)}\u202f%`;
const inNats = { show: (value: number): string => value.toFixed(3), axis: { factor: 1, suffix: '' } };
const inPercent = { show: percent, axis: { factor: 100, suffix: '\u202f%' } };

export const gapFigure: Figure = {
  id: 'gap',
  title: 'Generalization gap',
  caption: 'Validation loss minus training loss, both with dropout off, in nats',
  lines: [
    { twin: 'plain', quantity: 'gap', ...styles.plainValidation, label: 'plain' },
    { twin: 'regularized', quantity: 'gap', ...styles.regularizedValidation, label: 'regularized' },
  ],
  ...inNats,
};

export const figures: readonly Figure[] = [
  {
    id: 'loss',
    title: 'Loss',
    caption: 'Cross-entropy, dropout off',
    lines: four('trainLoss', 'validationLoss'),
    ...inNats,
  },
  {
    id: 'error',
    title: 'Error',
    caption: 'Share of digits read wrongly',
    lines: four('trainError', 'validationError'),
    ...inPercent,
  },
  {
    id: 'cost',
    title: 'Cost J',
    caption: 'Loss + penalty; in training with dropout on',
    lines: four('trainCost', 'validationCost'),
    ...inNats,
  },
  {
    id: 'penalty',
    title: 'Penalty',
    caption: 'λ Σ w²; 0 for the plain twin',
    lines: four('trainPenalty', 'validationPenalty'),
    ...inNats,
  },
];

/** uPlot's columns: the epochs, then one column per line. */
export const columns = (epochs: readonly Epoch[], { lines }: Figure): number[][] => [
  epochs.map(({ epoch }) => epoch),
  ...lines.map(({ twin, quantity }) => epochs.map(epoch => epoch[twin][quantity])),
];

/** Whether the twins agree in every number of every epoch. */
export const coincide = (epochs: readonly Epoch[]): boolean =>
  epochs.every(({ plain, regularized }) =>
    (Object.keys(plain) as Quantity[]).every(quantity => plain[quantity] === regularized[quantity]),
  );

/** Heights moved apart so that labels do not overlap, in the order of the heights given. */
export function spread(heights: readonly number[], distance: number, top: number, bottom: number): number[] {
  const labels = heights.map(height => ({ height }));
  const fromTop = labels.toSorted((a, b) => a.height - b.height);
  let free = top;
  for (const label of fromTop) {
    label.height = Math.max(label.height, free);
    free = label.height + distance;
  }
  let ceiling = bottom;
  for (const label of fromTop.toReversed()) {
    label.height = Math.min(label.height, ceiling);
    ceiling = label.height - distance;
  }
  return labels.map(({ height }) => height);
}
