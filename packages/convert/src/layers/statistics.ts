/** The means and variances of `Normalization`: nested lists of numbers, and their axes in the input. */
import { sizeOf } from '../safetensors/checks.ts';

/** A number, or nested lists of numbers. */
export type Numbers = number | readonly Numbers[];

/** The maximum depth of lists, which is the maximum rank of tensors in TensorFlow.js. */
const DEEPEST = 6;

/** The shape of nested lists; undefined if neighboring lists differ in length, or if something is not a finite number. */
export function shapeOf(value: unknown, depth = 0): readonly number[] | undefined {
  if (!Array.isArray(value)) return Number.isFinite(value) ? [] : undefined;
  const [first, ...others] = value.map(item => (depth < DEEPEST ? shapeOf(item, depth + 1) : undefined));
  if (!first || others.some(other => other?.join() !== first.join())) return undefined;
  return [value.length, ...first];
}

/** All numbers in the order of their indices. */
export const flat = (value: Numbers): number[] => (typeof value === 'number' ? [value] : value.flatMap(flat));

/** The numbers of a tensor as nested lists. */
export function nested(shape: readonly number[], data: ArrayLike<number>, from = 0): Numbers {
  const [size, ...rest] = shape;
  if (size === undefined) return data[from] ?? 0;
  return Array.from({ length: size }, (_, i) => nested(rest, data, from + i * sizeOf(rest)));
}

/**
 * The shape in which numbers are broadcast to an input of rank `rank`, as in Keras 3: their axes, from the last to the first, are `axes` of the input. If they
 * have more axes than these, they are aligned with the end of the input, as in Keras before 3.12.
 * @param axes axes of the input, including the batch axis 0, that have their own numbers; may be negative
 */
export function alongInput(shape: readonly number[], axes: readonly number[], rank: number): readonly number[] {
  if (shape.length > axes.length) return [...Array<number>(Math.max(0, rank - shape.length)).fill(1), ...shape];
  const kept = positive(axes, rank).slice(axes.length - shape.length);
  return Array.from({ length: rank }, (_, axis) => shape[kept.indexOf(axis)] ?? 1);
}

/** Axes counted from the front, in order. */
export const positive = (axes: readonly number[], rank: number): number[] =>
  axes.map(axis => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);

/** Options of the layer. */
interface MeanAndVariance {
  readonly axis: number | readonly number[];
  readonly mean: Numbers | null;
  readonly variance: Numbers | null;
}

/** The numbers by which an input is shifted and scaled. */
interface Statistics {
  /** The shape in which both are broadcast to the input. */
  readonly shape: readonly number[];
  readonly mean: readonly number[];
  readonly variance: readonly number[];
}

/** The numbers of a layer along an input of this rank. */
export function statisticsOf({ axis, mean, variance }: MeanAndVariance, rank: number): Statistics {
  const own = shapeOf(mean ?? 0) ?? [];
  return { shape: alongInput(own, [axis].flat(), rank), mean: flat(mean ?? 0), variance: flat(variance ?? 1) };
}
