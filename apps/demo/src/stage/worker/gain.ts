/** What one network gains over another on examples that neither has seen. */
import { differenceOf } from '@keepprob/lens/statistics';
import { errorDifference, type Interval } from '../statistics.ts';

/**
 * Dev error of the first minus that of the second, with its 95 % interval. With one seed it is about other examples; with several about other seeds and
 * other examples.
 * @param first by seed and example: 1 where it is wrong
 * @param second the same seeds and examples
 */
export function gainOf(first: readonly Uint8Array[], second: readonly Uint8Array[]): Interval {
  const [one, other] = [first[0], second[0]];
  if (first.length === 1 && one && other) return errorDifference(one, other);
  const { value, interval } = differenceOf(second, first, 0.95);
  return { value, lower: interval[0], upper: interval[1] };
}
