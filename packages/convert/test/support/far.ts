import type { Numbers } from './torch.ts';

/** How far numbers are from others at most, those beyond 1 by their size; NaN where their shapes are others. */
export function far(ours: readonly Numbers[], theirs: readonly Numbers[]): number {
  if (JSON.stringify(ours.map(({ shape }) => shape)) !== JSON.stringify(theirs.map(({ shape }) => shape)))
    return Number.NaN;
  const distances = ours.flatMap(({ data }, i) =>
    data.map((value, k) => Math.abs(value - (theirs[i]?.data[k] ?? Number.NaN)) / Math.max(1, Math.abs(value))),
  );
  return Math.max(...distances);
}
