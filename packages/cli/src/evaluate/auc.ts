/** The area under the ROC curve. */
import { type Estimate, normal } from './intervals.ts';

/**
 * P(score of a positive row > that of a negative one) + ½ P(equal), with the variance of DeLong et al. (Biometrics 1988) by midranks (Sun & Xu 2014), in
 * O(n log n). Undefined if there are fewer than two rows of either kind.
 */
export function auc(scores: ArrayLike<number>, isPositive: readonly boolean[]): Estimate | undefined {
  const rows = isPositive.map((positive, i) => ({ positive, score: scores[i] ?? Number.NaN }));
  const positives = rows.filter(row => row.positive).map(row => row.score);
  const negatives = rows.filter(row => !row.positive).map(row => row.score);
  const [m, n] = [positives.length, negatives.length];
  if (m < 2 || n < 2) return undefined;
  const all = midranks([...positives, ...negatives]);
  const [ofPositives, ofNegatives] = [midranks(positives), midranks(negatives)];
  // for each positive row the share of negative rows below it, and for each negative row the share of positive rows above it
  const above = positives.map((_, i) => ((all[i] ?? 0) - (ofPositives[i] ?? 0)) / n);
  const below = negatives.map((_, j) => 1 - ((all[m + j] ?? 0) - (ofNegatives[j] ?? 0)) / m);
  const value = above.reduce((sum, share) => sum + share, 0) / m;
  const spread = (shares: readonly number[]): number =>
    shares.reduce((sum, share) => sum + (share - value) ** 2, 0) / (shares.length - 1) / shares.length;
  const { low, high } = normal(value, Math.sqrt(spread(above) + spread(below)));
  return { value, low: Math.max(0, low), high: Math.min(1, high) };
}

/** The rank of each value, from 1; equal values share the mean of their ranks. */
function midranks(values: readonly number[]): Float64Array {
  const order = Int32Array.from(values.keys()).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && values[order[to] ?? 0] === values[order[from] ?? 0]) to++;
    for (let i = from; i < to; i++) ranks[order[i] ?? 0] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}
