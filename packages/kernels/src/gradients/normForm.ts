/** How a norm lies in memory: which of the forms that one kernel does it has, if any. */

/**
 * x as [times, groups, columns]. `byGroup`: statistics, γ and β are of groups, as in batch norm. `byColumn`: statistics are of groups, γ and β of columns, as in layer
 * norm; times are 1.
 */
export interface NormForm {
  readonly form: 'byGroup' | 'byColumn';
  readonly times: number;
  readonly groups: number;
  readonly columns: number;
}

type Shape = readonly number[];

/** Sizes of neighbouring axes of one kind together; axes of size 1 are of no kind. */
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

/** Whether weights of this shape have a number for each place along the axes that statistics are (`over`) or are not taken over, and for nothing else. */
function isAlong(weight: Shape, shape: Shape, axes: readonly number[], over: boolean): boolean {
  const missing = shape.length - weight.length;
  return shape.every((size, axis) => {
    const own = axis < missing ? 1 : weight[axis - missing];
    return own === (axes.includes(axis) === over ? size : 1);
  });
}

/** @param weights the shapes of γ and β, as far as they are there */
export function formOf(shape: Shape, axes: readonly number[], weights: readonly Shape[]): NormForm | undefined {
  const runs = runsOf(shape, axes);
  const take = (over: boolean): number => (runs[0]?.over === over ? (runs.shift()?.size ?? 1) : 1);
  if (weights.every(weight => isAlong(weight, shape, axes, false))) {
    const [times, groups, columns] = [take(true), take(false), take(true)];
    if (runs.length > 0) return undefined;
    // one statistic of all: all lies side by side
    return groups === 1
      ? { form: 'byGroup', times: 1, groups, columns: times * columns }
      : { form: 'byGroup', times, groups, columns };
  }
  if (!weights.every(weight => isAlong(weight, shape, axes, true))) return undefined;
  const [groups, columns] = [take(false), take(true)];
  return runs.length > 0 ? undefined : { form: 'byColumn', times: 1, groups, columns };
}
