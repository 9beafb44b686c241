/** Random norms: batch norm and layer norm along any axes, with and without γ and β. */
import fc from 'fast-check';
import { normalize } from '../../src/gradients/normalize.ts';
import { indexIn, type Op, sources } from './derivatives.ts';
import { sizeOf } from './numbers.ts';

export const EPSILON = 0.2;

export interface Setting {
  readonly shape: number[];
  /** Over which the statistics are. */
  readonly axes: number[];
  /** Of γ and β: over all that the statistics are not over, or over what they are over. */
  readonly isBatch: boolean;
  readonly gain: boolean;
  readonly bias: boolean;
}

export const settings: fc.Arbitrary<Setting> = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 })
  .chain(shape =>
    fc.record({
      shape: fc.constant(shape),
      axes: fc.oneof<fc.Arbitrary<number[]>[]>(
        fc.constant(shape.map((_, i) => i).slice(0, -1)),
        fc.constant(shape.length - 1).map(last => [last]),
        fc.uniqueArray(fc.integer({ min: 0, max: shape.length - 1 }), { minLength: 1 }).map(axes => axes.sort()),
      ),
      isBatch: fc.boolean(),
      gain: fc.boolean(),
      bias: fc.boolean(),
    }),
  );

/** A norm, and what it is in float64. Shapes without their leading dimensions of 1, as weights have them. */
export function opOf({ shape, axes, isBatch, gain, bias }: Setting): Op {
  const statistic = shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
  const full = shape.map((n, axis) => (axes.includes(axis) === isBatch ? 1 : n));
  const weight = full.slice(
    Math.max(
      0,
      full.findIndex(n => n > 1),
    ),
  );
  const [statisticOf, weightOf] = [statistic, weight].map(of => sources(shape, place => indexIn(of, place)));
  const averages = (x: Float64Array): Float64Array => {
    const sums = new Float64Array(sizeOf(statistic));
    for (const [i, at] of statisticOf!.entries()) sums[at]! += x[i]!;
    return sums.map(sum => (sum * sums.length) / x.length);
  };
  const given = <T>(x: T, rest: T[]) => ({ x, gain: gain ? rest[0] : undefined, bias: bias ? rest.at(-1) : undefined });
  return {
    shapes: [shape, ...(gain ? [weight] : []), ...(bias ? [weight] : [])],
    f: (x, ...rest) => normalize({ ...given(x!, rest), axes, epsilon: EPSILON }),
    exact(x, ...rest) {
      const { gain, bias } = given(x!, rest);
      const mean = averages(x!);
      const centred = x!.map((v, i) => v - mean[statisticOf![i]!]!);
      const variance = averages(centred.map(v => v * v));
      return centred.map((v, i) => {
        const [at, of] = [weightOf![i]!, statisticOf![i]!];
        return (v / Math.sqrt(variance[of]! + EPSILON)) * (gain?.[at] ?? 1) + (bias?.[at] ?? 0);
      });
    },
  };
}
