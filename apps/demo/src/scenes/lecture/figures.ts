/** What this scene draws beside the network. */
import type { Figure } from '../../stage/figure.ts';
import { percent } from '../../stage/shows.ts';
import { type Instant, type Lambdas, type Look, networks, units } from './reports.ts';

export const errorFigure: Figure = {
  title: 'Error',
  caption: 'Share of points classified wrongly, dropout off',
  x: 'iteration',
  lines: [
    { colour: 'plain', label: 'whole, train', dash: [2, 3], width: 1.5 },
    { colour: 'regularized', label: 'thinned, train', dash: [8, 3, 2, 3], width: 1.5 },
    { colour: 'plain', label: 'whole, dev', dash: [7, 4], width: 2.25 },
    { colour: 'regularized', label: 'thinned, dev', dash: [], width: 2.25 },
  ],
  show: percent,
  axis: { factor: 100, suffix: '\u202f%' },
};

export interface Histogram {
  readonly counts: readonly number[];
  /** Largest |w|, where the last bin ends. */
  readonly end: number;
}

/** |w| of all matrices in so many bins of the same width. */
export function histogram({ kernels }: Look, bins: number, end: number): Histogram {
  const counts = new Array<number>(bins).fill(0);
  for (const kernel of kernels)
    for (const weight of kernel) {
      const bin = Math.min(bins - 1, Math.floor((Math.abs(weight) / end) * bins));
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
  return { counts, end };
}

export const largest = ({ kernels }: Look): number =>
  kernels.reduce((most, kernel) => kernel.reduce((max, weight) => Math.max(max, Math.abs(weight)), most), 0);

export const squaredNorm = ({ kernels }: Look): number =>
  kernels.reduce((sum, kernel) => kernel.reduce((total, weight) => total + weight ** 2, sum), 0);

/** (Σ w²)² / (n Σ w⁴) of a matrix: 1 when all its weights are equally large. */
export function spreadOf(kernel: Float32Array): number {
  const squares = kernel.reduce((sum, weight) => sum + weight ** 2, 0);
  const fourths = kernel.reduce((sum, weight) => sum + weight ** 4, 0);
  return fourths > 0 ? squares ** 2 / (kernel.length * fourths) : 0;
}

const sizeOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + Math.abs(value), 0);

/** The largest λ of all. */
export const mostIn = (lambdas: Lambdas): number =>
  lambdas.reduce((most, matrix) => matrix?.reduce((max, value) => Math.max(max, value), most) ?? most, 0);

export const matrixQuantities = [
  ['size', 'Mean |w|'],
  ['squares', 'Σ w²'],
  ['spread', 'Spread'],
  ['lambda', 'Mean effective λ'],
] as const;

/** What the drawing shows of every matrix, in numbers. */
export const matrixRows = (
  instant: Instant | undefined,
  lambdas: Lambdas | undefined,
): { position: string; kind: string; values: number[] }[] =>
  networks.flatMap(kind =>
    (instant?.looks[kind].kernels ?? []).map((kernel, i) => {
      const own = kind === 'thinned' ? lambdas?.[i] : undefined;
      return {
        position: `${units[i]} × ${units[i + 1]}`,
        kind,
        values: [
          sizeOf(kernel) / kernel.length,
          kernel.reduce((sum, weight) => sum + weight ** 2, 0),
          spreadOf(kernel),
          own ? sizeOf(own) / own.length : Number.NaN,
        ],
      };
    }),
  );
