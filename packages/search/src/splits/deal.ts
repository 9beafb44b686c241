/** Assigns rows and groups to folds. */
import { type Indexed, sizesOf } from './rows.ts';

/**
 * The fold of each row: the shuffled rows, class after class, are dealt out to one fold after the other. So the numbers of rows of a class differ by at most
 * one between folds, and so do the numbers of all rows.
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
 * The fold of each row, with groups kept whole, by a greedy algorithm. Larger groups come first (by powers of two, shuffled among those of similar size, so
 * that repeats differ), and each goes to the fold where its own classes are rarest so far:
 *
 *     argmin_f Σ_c g_c n_fc / N_c²        g_c, n_fc, N_c: rows of class c in the group, in the fold so far, in all
 *
 * which is the step that increases Σ_f Σ_c (n_fc / N_c)² least. Ties go to the fold with fewer rows. With one class, each group goes to the smallest fold,
 * so that folds differ by at most the rows of the largest group. An empty fold costs nothing, so none stays empty.
 */
export function dealtWhole(
  order: Int32Array,
  groups: Indexed<unknown>,
  strata: Indexed<number>,
  k: number,
): Int32Array {
  const totals = sizesOf(strata.index, strata.values.length);
  const sizes = sizesOf(groups.index, groups.values.length);
  const contents = contentsOf(groups, strata);
  const folds = Array.from({ length: k }, (_, number) => ({ number, rows: 0, of: new Int32Array(totals.length) }));
  const foldOfGroup = new Int32Array(sizes.length);
  const magnitude = (group: number): number => Math.floor(Math.log2(sizes[group] ?? 1));
  for (const group of Array.from(order).sort((a, b) => magnitude(b) - magnitude(a))) {
    const own = [...(contents[group] ?? [])];
    const costs = folds.map(fold => ({
      fold,
      cost: own.reduce((sum, [c, n]) => sum + (n * (fold.of[c] ?? 0)) / (totals[c] ?? 1) ** 2, 0),
    }));
    const least = costs.reduce((a, b) => ((b.cost - a.cost || b.fold.rows - a.fold.rows) < 0 ? b : a)).fold;
    foldOfGroup[group] = least.number;
    least.rows += sizes[group] ?? 0;
    for (const [c, n] of own) least.of[c] = (least.of[c] ?? 0) + n;
  }
  return groups.index.map(group => foldOfGroup[group] ?? 0);
}

/** The number of rows of each class, group by group. */
function contentsOf(groups: Indexed<unknown>, strata: Indexed<number>): Map<number, number>[] {
  const contents = groups.values.map(() => new Map<number, number>());
  groups.index.forEach((group, row) => {
    const c = strata.index[row] ?? 0;
    contents[group]?.set(c, (contents[group].get(c) ?? 0) + 1);
  });
  return contents;
}

/** How many groups have rows of each class. */
export const groupsHaving = (groups: Indexed<unknown>, strata: Indexed<number>): Int32Array =>
  sizesOf(
    contentsOf(groups, strata).flatMap(content => [...content.keys()]),
    strata.values.length,
  );
