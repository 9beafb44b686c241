/** First and second derivatives of an op, by TF.js' tape and by differences in float64. */
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { floats, sizeOf } from './numbers.ts';

export type Shape = readonly number[];
/** An op, and what it computes in float64. */
export interface Op {
  readonly shapes: readonly Shape[];
  readonly f: (...inputs: tf.Tensor[]) => tf.Tensor;
  readonly exact: (...inputs: Float64Array[]) => Float64Array;
}

/** The op of x + x² / 2 of each input, so that linear ones have a second derivative, too. */
export const curved = ({ shapes, f, exact }: Op): Op => ({
  shapes,
  f: (...xs) => f(...xs.map(x => tf.add(x, tf.mul(tf.mul(x, x), 0.5)))),
  exact: (...xs) => exact(...xs.map(x => x.map(v => v + (v * v) / 2))),
});

/** Inputs, what the result is multiplied by before it is summed, and a direction for each input. */
export interface Point {
  readonly inputs: readonly Float32Array[];
  readonly dy: Float32Array;
  readonly directions: readonly Float32Array[];
}

export function pointOf({ shapes, exact }: Op, seed: number): Point {
  const random = (n: number, of: number): Float32Array => floats(n, seed + 7919 * of);
  const inputs = shapes.map((shape, i) => random(sizeOf(shape), i));
  const outputs = exact(...inputs.map(x => Float64Array.from(x))).length;
  return { inputs, dy: random(outputs, 50), directions: shapes.map((shape, i) => random(sizeOf(shape), 100 + i)) };
}

const tensors = (values: readonly Float32Array[], shapes: readonly Shape[]): tf.Tensor[] =>
  values.map((v, i) => tf.tensor(v, [...shapes[i]!], 'float32'));
const read = (results: readonly tf.Tensor[]): Float32Array[] => results.map(t => t.dataSync<'float32'>().slice());

/** Σ f(inputs) · dy by each input. */
export const gradients = ({ shapes, f }: Op, { inputs, dy }: Point): Float32Array[] =>
  tf.tidy(() => read(tf.grads(weighted(f, dy))(tensors(inputs, shapes))));

/** Σ over the inputs of (∂ Σ f(inputs) · dy / ∂ input) · direction, by each input. */
export const secondDerivatives = ({ shapes, f }: Op, { inputs, dy, directions }: Point): Float32Array[] =>
  tf.tidy(() => {
    const along = tensors(directions, shapes);
    const slope = (...xs: tf.Tensor[]): tf.Tensor =>
      tf.addN(
        tf
          .grads(weighted(f, dy))(xs)
          .map((g, i) => tf.sum(tf.mul(g, along[i]!))),
      );
    return read(tf.grads(slope)(tensors(inputs, shapes)));
  });

const weighted =
  (f: Op['f'], dy: Float32Array) =>
  (...xs: tf.Tensor[]): tf.Tensor => {
    const y = f(...xs);
    return tf.sum(tf.mul(y, tf.tensor(dy, y.shape)));
  };

/** The inputs, each moved by h of its direction. */
type Moved = (h: number) => Float64Array[];
const H = 1e-4;

/** By central differences; the truncation error is of order h². */
export function exactGradients(op: Op, point: Point): Float64Array[] {
  return eachElement(point, moved => (valueAt(op, point, moved(H)) - valueAt(op, point, moved(-H))) / (2 * H));
}

export function exactSecondDerivatives(op: Op, point: Point): Float64Array[] {
  const at = (moved: Moved, h: number, along: number): number => {
    const inputs = moved(h).map((x, i) => x.map((v, j) => v + along * point.directions[i]![j]!));
    return valueAt(op, point, inputs);
  };
  return eachElement(point, moved => {
    const slope = (h: number): number => at(moved, h, H) - at(moved, h, -H);
    return (slope(H) - slope(-H)) / (4 * H * H);
  });
}

function eachElement({ inputs }: Point, f: (moved: Moved) => number): Float64Array[] {
  const start = inputs.map(x => Float64Array.from(x));
  return start.map((x, i) =>
    x.map((value, j) =>
      f(h => {
        const moved = start.map(other => other.slice());
        moved[i]![j] = value + h;
        return moved;
      }),
    ),
  );
}

const valueAt = ({ exact }: Op, { dy }: Point, inputs: Float64Array[]): number =>
  exact(...inputs).reduce((sum, y, i) => sum + y * dy[i]!, 0);

/** Fails where one differs from exact by more than `tolerance` of the largest. */
export function expectClose(
  actual: readonly Float32Array[],
  exact: readonly ArrayLike<number>[],
  tolerance: number,
): void {
  expect(actual.length).toBe(exact.length);
  for (const [i, values] of actual.entries()) {
    expect(values.length).toBe(exact[i]!.length);
    const size = Array.from(exact[i]!).reduce((most, v) => Math.max(most, Math.abs(v)), 1);
    for (const [j, value] of values.entries()) {
      const off = Math.abs(value - exact[i]![j]!);
      // not >: NaN fails
      if (!(off <= tolerance * size)) throw new Error(`input ${i}, element ${j}: ${value} is not ${exact[i]![j]}`);
    }
  }
}

/** The shape and the numbers that an op gives. */
export const computed = ({ shapes, f }: Op, inputs: readonly Float32Array[]) =>
  tf.tidy(() => {
    const y = f(...tensors(inputs, shapes));
    return { shape: y.shape, values: y.dataSync<'float32'>().slice() };
  });

export function expectValue(op: Op, inputs: readonly Float32Array[]): void {
  expectClose([computed(op, inputs).values], [op.exact(...inputs.map(x => Float64Array.from(x)))], 1e-5);
}

/** Gradients of the op, and second derivatives of its curve. */
export function expectDerivatives(op: Op, point: Point, ofSecond = 2e-4): void {
  expectClose(gradients(op, point), exactGradients(op, point), 2e-5);
  const bent = curved(op);
  expectClose(secondDerivatives(bent, point), exactSecondDerivatives(bent, point), ofSecond);
}

/** The place of element `at` of a tensor of this shape. */
export function placeOf(at: number, shape: Shape): number[] {
  const place = new Array<number>(shape.length);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    place[axis] = at % shape[axis]!;
    at = Math.floor(at / shape[axis]!);
  }
  return place;
}

/** Where in a tensor of this shape that element is which is repeated to this place of a larger one. */
export function indexIn(shape: Shape, place: readonly number[]): number {
  const missing = place.length - shape.length;
  return shape.reduce((index, size, axis) => index * size + (size === 1 ? 0 : place[axis + missing]! % size), 0);
}

/** A tensor of this shape by the place of each element, and by its number. */
export const elements = (shape: Shape, f: (place: number[], i: number) => number): Float64Array =>
  Float64Array.from({ length: sizeOf(shape) }, (_, i) => f(placeOf(i, shape), i));

/** Which element of an input each element of a tensor of this shape is taken from: places are looked up once for many points. */
export const sources = (shape: Shape, source: (place: number[]) => number): Int32Array =>
  Int32Array.from({ length: sizeOf(shape) }, (_, i) => source(placeOf(i, shape)));

/** f of each of those places and its number; `Float64Array.from` would go by way of an iterator, which takes ten times as long. */
export function fromEach(places: Int32Array, f: (at: number, i: number) => number): Float64Array {
  const result = new Float64Array(places.length);
  for (let i = 0; i < places.length; i++) result[i] = f(places[i]!, i);
  return result;
}
