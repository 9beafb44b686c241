/** Densities over the cells of a dimension, from the number of trials in each. */
import { logMass } from '../samplers/tpe/normal.ts';

/** Keeps quotients of densities finite. */
const LEAST = 1e-12;
/** The narrowest kernel: 90 % of its mass lies in its own cell. */
const NARROWEST = 0.5 / 1.64;

/** The density of each cell. */
export function densityOf(counts: Float64Array, isChoice: boolean): Float64Array {
  const kernels = isChoice ? choiceKernels(counts) : normalKernels(counts);
  const total = kernels.reduce((sum, { weight }) => sum + weight, 0);
  return counts.map((_, cell) =>
    kernels.reduce((sum, { weight, share }) => sum + (weight / total) * share(cell), LEAST),
  );
}

interface Kernel {
  readonly weight: number;
  share(cell: number): number;
}

const taken = (counts: Float64Array): number[] => [...counts.keys()].filter(cell => (counts[cell] ?? 0) > 0);

/** With k distinct values present, the kernel of each has weight 1 + 1/(k + 1) on itself and 1/(k + 1) on every other value; the prior is uniform. */
function choiceKernels(counts: Float64Array): Kernel[] {
  const cells = taken(counts);
  const share = 1 / (cells.length + 1);
  const all = 1 + counts.length * share;
  return [
    ...cells.map(own => ({
      weight: counts[own] ?? 0,
      share: (cell: number) => (share + (cell === own ? 1 : 0)) / all,
    })),
    { weight: 1, share: () => 1 / counts.length },
  ];
}

/** Normal kernels of equal width, truncated to the cells, and a wide one in the middle. */
function normalKernels(counts: Float64Array): Kernel[] {
  const size = counts.length;
  const sigma = Math.max(NARROWEST, scott(counts));
  const kernel = (mean: number, width: number, weight: number): Kernel => {
    const mass = (from: number, to: number): number => logMass((from - mean) / width, (to - mean) / width);
    const all = mass(-0.5, size - 0.5);
    return { weight, share: cell => Math.exp(mass(cell - 0.5, cell + 0.5) - all) };
  };
  return [...taken(counts).map(cell => kernel(cell, sigma, counts[cell] ?? 0)), kernel((size - 1) / 2, size, 1)];
}

/** Scott's rule (Multivariate Density Estimation, 1992): 1.059 min(σ, IQR / 1.34) n^(−1/5). */
function scott(counts: Float64Array): number {
  const cells = taken(counts);
  const n = counts.reduce((sum, count) => sum + count, 0);
  const mean = counts.reduce((sum, count, cell) => sum + count * cell, 0) / n;
  const squares = counts.reduce((sum, count, cell) => sum + count * (cell - mean) ** 2, 0);
  const cumulative = (last: number): number => counts.slice(0, last + 1).reduce((sum, count) => sum + count, 0);
  const first = cells.find(cell => cumulative(cell) >= Math.floor(n / 4)) ?? 0;
  const third = cells.find(cell => cumulative(cell) > Math.floor((3 * n) / 4)) ?? cells.at(-1) ?? 0;
  return 1.059 * Math.min((third - first) / 1.34, Math.sqrt(squares / Math.max(1, n - 1))) * n ** -0.2;
}
