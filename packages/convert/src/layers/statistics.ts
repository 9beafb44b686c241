/** Lists in lists of numbers, and where their axes lie along an input: what `Normalization` is given for means and variances. */
import { sizeOf } from '../safetensors/checks.ts';

/** A number, or lists in lists of numbers. */
export type Numbers = number | readonly Numbers[];

/** Lists in more lists than this are refused, as are tensors of more axes in TensorFlow.js. */
const DEEPEST = 6;

/** The lengths of lists in lists; undefined where lists next to each other have different lengths, and for what is no finite number. */
export function shapeOf(value: unknown, depth = 0): readonly number[] | undefined {
  if (!Array.isArray(value)) return Number.isFinite(value) ? [] : undefined;
  const [first, ...others] = value.map(item => (depth < DEEPEST ? shapeOf(item, depth + 1) : undefined));
  if (!first || others.some(other => other?.join() !== first.join())) return undefined;
  return [value.length, ...first];
}

/** All numbers in the order of their indices. */
export const flat = (value: Numbers): number[] => (typeof value === 'number' ? [value] : value.flatMap(flat));

/** Lists in lists of a tensor's numbers. */
export function nested(shape: readonly number[], data: ArrayLike<number>, from = 0): Numbers {
  const [size, ...rest] = shape;
  if (size === undefined) return data[from] ?? 0;
  return Array.from({ length: size }, (_, i) => nested(rest, data, from + i * sizeOf(rest)));
}

/**
 * The shape in which numbers meet an input of rank `rank`, as in Keras 3: their axes, from the last to the first, are `axes` of the input. With more axes than these
 * they lie at the end of the input, as in Keras before 3.12.
 * @param axes axes of the input, batch axis 0 included, that have numbers of their own; may be negative
 */
export function alongInput(shape: readonly number[], axes: readonly number[], rank: number): readonly number[] {
  if (shape.length > axes.length) return [...Array<number>(Math.max(0, rank - shape.length)).fill(1), ...shape];
  const kept = positive(axes, rank).slice(axes.length - shape.length);
  return Array.from({ length: rank }, (_, axis) => shape[kept.indexOf(axis)] ?? 1);
}

/** Axes counted from the front, in order. */
export const positive = (axes: readonly number[], rank: number): number[] =>
  axes.map(axis => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);

/** What a layer is given. */
interface MeanAndVariance {
  readonly axis: number | readonly number[];
  readonly mean: Numbers | null;
  readonly variance: Numbers | null;
}

/** What an input is moved and scaled by. */
interface Statistics {
  /** The shape in which both meet the input. */
  readonly shape: readonly number[];
  readonly mean: readonly number[];
  readonly variance: readonly number[];
}

/** The numbers of a layer along an input of this rank. */
export function statisticsOf({ axis, mean, variance }: MeanAndVariance, rank: number): Statistics {
  const own = shapeOf(mean ?? 0) ?? [];
  return { shape: alongInput(own, [axis].flat(), rank), mean: flat(mean ?? 0), variance: flat(variance ?? 1) };
}
