/** Which curves this scene draws. */
import { bandsOf, type Columns, type Figure, type Line } from '../../stage/figure.ts';
import { percent } from '../../stage/shows.ts';
import { type Epoch, type Measured, type Quantity, type Twin, twins } from './reports.ts';

export const styles = {
  plainTrain: { colour: 'plain', label: 'plain, train', dash: [2, 3], width: 1.5 },
  plainValidation: { colour: 'plain', label: 'plain, dev', dash: [7, 4], width: 2.25 },
  regularizedTrain: { colour: 'regularized', label: 'reg., train', dash: [8, 3, 2, 3], width: 1.5 },
  regularizedValidation: { colour: 'regularized', label: 'reg., dev', dash: [], width: 2.25 },
} as const satisfies Record<string, Line>;

/** A figure whose lines are quantities by epoch. */
export interface ByEpoch extends Figure {
  readonly of: readonly (readonly [Twin, Quantity])[];
}

const inNats = { show: (value: number): string => value.toFixed(3), axis: { factor: 1, suffix: '' } };
const inPercent = { show: percent, axis: { factor: 100, suffix: '\u202f%' } };
const pair = [
  { ...styles.plainValidation, label: 'plain' },
  { ...styles.regularizedValidation, label: 'regularized' },
] as const;
const both = (quantity: Quantity): [Twin, Quantity][] => twins.map(twin => [twin, quantity]);
const four = (train: Quantity, validation: Quantity): Pick<ByEpoch, 'lines' | 'of'> => ({
  lines: Object.values(styles),
  of: [
    ['plain', train],
    ['plain', validation],
    ['regularized', train],
    ['regularized', validation],
  ],
});

export const errorFigure: ByEpoch = {
  title: 'Error',
  caption: 'Share of digits read wrongly, dropout off',
  x: 'epoch',
  ...four('trainError', 'validationError'),
  ...inPercent,
};

export const figures: readonly ByEpoch[] = [
  {
    title: 'Generalization gap',
    caption:
      'Dev loss minus training loss, both with dropout off. Small is no merit by itself: a network that learns nothing has none',
    x: 'epoch',
    lines: pair,
    of: both('gap'),
    ...inNats,
  },
  {
    title: 'Loss',
    caption: 'Cross-entropy, dropout off, in nats: 2.3 is guessing among ten, 0 is certain and right',
    x: 'epoch',
    ...four('trainLoss', 'validationLoss'),
    ...inNats,
  },
  {
    title: 'Weights: Σ w²',
    caption: 'Sum of all squared weights',
    x: 'epoch',
    lines: pair,
    of: both('squaredNorm'),
    show: value => value.toFixed(1),
    axis: { factor: 1, suffix: '' },
  },
  {
    title: 'Weights spread, hidden 1',
    caption: '(Σ w²)² / (n Σ w⁴): 100 % when all weights are equally large, near 0 when a few carry all',
    x: 'epoch',
    lines: pair,
    of: both('spreadHidden1'),
    ...inPercent,
  },
  {
    title: 'Weights spread, output',
    caption: 'The same of the last matrix',
    x: 'epoch',
    lines: pair,
    of: both('spreadOutput'),
    ...inPercent,
  },
];

export const costFigure: Figure = {
  title: 'Cost J by iteration',
  caption:
    'Loss + λ Σ w² of its own batch of 50, as minimized: before the update, dropout on. That is why it lies above the loss, which is measured after the epoch, dropout off',
  x: 'iteration',
  lines: pair.map(line => ({ ...line, width: 1 })),
  ...inNats,
};

/** The edges of the bands of a figure, in the order in which its columns have them. */
const edgesOf = <V>(
  { lines }: Figure,
  epochs: readonly Epoch[],
  column: (measured: readonly (Measured | undefined)[], line: number) => V,
): V[] =>
  bandsOf(lines).flatMap(({ line }) =>
    (['lower', 'upper'] as const).map(edge =>
      column(
        epochs.map(({ band }) => band?.[edge]),
        line,
      ),
    ),
  );

export function columnsOf(epochs: readonly Epoch[], figure: ByEpoch): Columns {
  const column = (measured: readonly (Measured | undefined)[], line: number): number[] => {
    const [twin, quantity] = figure.of[line] ?? ['plain', 'gap'];
    return measured.map(found => found?.[twin][quantity] ?? Number.NaN);
  };
  return [
    epochs.map(({ epoch }) => epoch),
    ...figure.of.map((_, line) => column(epochs, line)),
    ...edgesOf(figure, epochs, column),
  ];
}

/** @param every 1 for all iterations, 2 for every second */
export function costsOf(epochs: readonly (Measured | undefined)[], twin: Twin, every = 1): number[] {
  const costs: number[] = [];
  let iteration = 0;
  for (const measured of epochs)
    for (const cost of measured?.costs[twin] ?? []) if (iteration++ % every === 0) costs.push(cost);
  return costs;
}

/** Positions of a chart that are drawn at most: a pixel holds several of more. */
const mostPositions = 2000;

/** J of every iteration; of so many that they take long to draw, every second, fourth, and so on. */
export function costColumns(epochs: readonly Epoch[], figure: Figure): Columns {
  const iterations = epochs.reduce((sum, { costs }) => sum + costs.plain.length, 0);
  const every = 2 ** Math.max(0, Math.ceil(Math.log2(iterations / mostPositions)));
  const [plain = [], regularized = []] = twins.map(twin => costsOf(epochs, twin, every));
  return [
    plain.map((_, i) => every * i + 1),
    plain,
    regularized,
    ...edgesOf(figure, epochs, (measured, line) => costsOf(measured, twins[line] ?? 'plain', every)),
  ];
}

/** Whether the twins agree in every number of every epoch. */
export const coincide = (epochs: readonly Epoch[]): boolean =>
  epochs.every(({ plain, regularized }) =>
    (Object.keys(plain) as Quantity[]).every(quantity => plain[quantity] === regularized[quantity]),
  );
