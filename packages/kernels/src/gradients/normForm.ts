/** The memory layout of a norm: which of the forms that one kernel supports, if any. */

/**
 * x as [times, groups, columns]. `byGroup`: statistics, γ and β are per group, as in batch norm. `byColumn`: statistics are per group, γ and β per column, as in
 * layer norm; times is 1.
 */
export interface NormForm {
  readonly form: 'byGroup' | 'byColumn';
  readonly times: number;
  readonly groups: number;
  readonly columns: number;
}

type Shape = readonly number[];

/** The sizes of runs of adjacent axes of the same kind; axes of size 1 are ignored. */
function runsOf(shape: Shape, axes: readonly number[]): { readonly over: boolean; size: number }[] {
  const runs: { readonly over: boolean; size: number }[] = [];
  for (const [axis, size] of shape.entries()) {
    if (size === 1) continue;
    const over = axes.includes(axis);
    const last = runs.at(-1);
    if (last?.over === over) last.size *= size;
    else runs.push({ over, size });
  }
  return runs;
}

/** Whether weights of this shape vary along exactly those axes over which statistics are taken (`over`), or exactly along the other axes. */
function isAlong(weight: Shape, shape: Shape, axes: readonly number[], over: boolean): boolean {
  const missing = shape.length - weight.length;
  return shape.every((size, axis) => {
    const own = axis < missing ? 1 : weight[axis - missing];
    return own === (axes.includes(axis) === over ? size : 1);
  });
}

/** @param weights the shapes of γ and β, if they exist */
export function formOf(shape: Shape, axes: readonly number[], weights: readonly Shape[]): NormForm | undefined {
  const runs = runsOf(shape, axes);
  const take = (over: boolean): number => (runs[0]?.over === over ? (runs.shift()?.size ?? 1) : 1);
  if (weights.every(weight => isAlong(weight, shape, axes, false))) {
    const [times, groups, columns] = [take(true), take(false), take(true)];
    if (runs.length > 0) return undefined;
    // one statistic for everything: all elements are adjacent
    return groups === 1
      ? { form: 'byGroup', times: 1, groups, columns: times * columns }
      : { form: 'byGroup', times, groups, columns };
  }
  if (!weights.every(weight => isAlong(weight, shape, axes, true))) return undefined;
  const [groups, columns] = [take(false), take(true)];
  return runs.length > 0 ? undefined : { form: 'byColumn', times: 1, groups, columns };
}
