/** Who goes into which fold. */
import { type Indexed, sizesOf } from './rows.ts';

/**
 * The fold of each row: the shuffled rows, class after class, are dealt out to one fold after the other. So the rows of a class differ by one at most
 * between folds, and so do all rows.
 * @param order the rows, shuffled
 * @param strata the class of each
 */
export function dealt(order: Int32Array, strata: Int32Array, k: number): Int32Array {
  const foldOf = new Int32Array(order.length);
  // a stable sort: shuffled within each class
  const byClass = Array.from(order).sort((a, b) => (strata[a] ?? 0) - (strata[b] ?? 0));
  for (const [place, row] of byClass.entries()) foldOf[row] = place % k;
  return foldOf;
}

/**
 * The fold of each row, with groups whole: greedy. Groups come the larger ones first (by powers of two, shuffled among those of like size, so that repeats
 * differ), and each goes where its own classes are rarest so far:
 *
 *     argmin_f Σ_c g_c n_fc / N_c²        g_c, n_fc, N_c: rows of class c in the group, in the fold so far, in all
 *
 * which is the step that makes Σ_f Σ_c (n_fc / N_c)² grow least. Ties go to the fold with fewer rows. With one class: to the smallest fold, so that folds
 * differ by the rows of the largest group at most. An empty fold costs nothing, so none stays empty.
 */
export function dealtWhole(
  order: Int32Array,
  groups: Indexed<unknown>,
  strata: Indexed<number>,
  k: number,
): Int32Array {
  const classes = strata.values.length;
  const totals = sizesOf(strata.index, classes);
  const tables = tablesOf(groups, strata);
  const rowsOf = (group: number): number => (tables[group] ?? []).reduce((a, b) => a + b, 0);
  const magnitude = (group: number): number => Math.floor(Math.log2(rowsOf(group)));
  const folds = Array.from({ length: k }, () => ({ rows: 0, table: new Float64Array(classes) }));
  const foldOfGroup = new Int32Array(groups.values.length);
  for (const group of Array.from(order).sort((a, b) => magnitude(b) - magnitude(a))) {
    const own = tables[group] ?? [];
    const cost = (table: Float64Array): number =>
      table.reduce((sum, n, c) => sum + ((own[c] ?? 0) * n) / (totals[c] ?? 1) ** 2, 0);
    const costs = folds.map((fold, number) => ({ fold, number, cost: cost(fold.table) }));
    const [best] = costs.sort((a, b) => a.cost - b.cost || a.fold.rows - b.fold.rows);
    if (!best) continue;
    foldOfGroup[group] = best.number;
    best.fold.rows += rowsOf(group);
    own.forEach((n, c) => {
      best.fold.table[c] = (best.fold.table[c] ?? 0) + n;
    });
  }
  return groups.index.map(group => foldOfGroup[group] ?? 0);
}

/** Rows of each class, group by group. */
export function tablesOf(groups: Indexed<unknown>, strata: Indexed<number>): number[][] {
  const tables = groups.values.map(() => strata.values.map(() => 0));
  groups.index.forEach((group, row) => {
    const table = tables[group] ?? [];
    const c = strata.index[row] ?? 0;
    table[c] = (table[c] ?? 0) + 1;
  });
  return tables;
}
