import type { Ordered } from '../../contract.ts';
import { countOf, nearestIndex, nthValue } from '../../space/values.ts';

/** The scale on which the kernels of one dimension lie. */
export interface Scale {
  /** Its ends; for dimensions with steps, half a step beyond the bounds. */
  readonly low: number;
  readonly high: number;
  to(x: number): number;
  /** The number of the dimension at a position between the ends. */
  from(y: number): number;
  /** Half a step to either side of a number; undefined for a continuous dimension. */
  readonly around: ((x: number) => readonly [number, number]) | undefined;
}

/** ln x with `log`, 1 − x for a keepProb, x otherwise. */
export function scaleOf(dimension: Ordered): Scale {
  const [to, back] = mapping(dimension);
  const { step } = dimension;
  const half = (step ?? 0) / 2;
  const ends = [to(dimension.low - half), to(dimension.high + half)];
  const clipped = (y: number): number => Math.min(dimension.high, Math.max(dimension.low, back(y)));
  const last = countOf(dimension) - 1;
  const stepped = (y: number): number =>
    nthValue(dimension, Math.min(last, Math.max(0, nearestIndex(dimension, back(y)))));
  return {
    low: Math.min(...ends),
    high: Math.max(...ends),
    to,
    from: step === undefined ? clipped : stepped,
    around: step === undefined ? undefined : x => [to(x - half), to(x + half)],
  };
}

type Mapping = readonly [to: (x: number) => number, back: (y: number) => number];

function mapping({ kind, log }: Ordered): Mapping {
  if (log) return [Math.log, Math.exp];
  return kind === 'keepProb' ? [x => 1 - x, y => 1 - y] : [x => x, y => y];
}
