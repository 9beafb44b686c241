/** Splits a batch into parts, for steps that are taken in parts: accumulation, workers. */
import { add, clone, div, mul, slice, type Tensor } from '@tensorflow/tfjs-core';
import type { Batch, StepResult, Tensors } from '../contract.ts';
import { DataError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { mapStep, stepTensors } from '../plugin/stepResult.ts';

/**
 * Every tensor of a batch.
 * @example
 * batchTensors({ x: { pixels: x }, y: { output: y } }).length; // 2
 */
export const batchTensors = ({ x, y, sampleWeight, metricY }: Batch): Tensor[] =>
  [x, y, sampleWeight, metricY].flatMap(tensors => Object.values(tensors ?? {}));

/**
 * Where to cut `rows` rows into parts: sizes differ by at most one, and no part is empty.
 * @example
 * cuts(10, 3); // [[0, 3], [3, 6], [6, 10]]
 */
export function cuts(rows: number, parts: number): readonly (readonly [from: number, to: number])[] {
  const count = Math.min(parts, rows);
  return Array.from({ length: count }, (_, i) => [
    Math.floor((i * rows) / count),
    Math.floor(((i + 1) * rows) / count),
  ]);
}

const sliceRows = (tensors: Tensors, from: number, to: number): Tensors =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, t]) => [
      name,
      slice(t, [from, ...t.shape.slice(1).fill(0)], [to - from, ...t.shape.slice(1)]),
    ]),
  );

/**
 * The rows `from` … `to` − 1 of a batch.
 * @example
 * sliceBatch({ x: { pixels: x }, y: { output: y } }, 16, 32).x.pixels.shape; // [16, 4]
 */
export function sliceBatch({ x, y, sampleWeight, metricY }: Batch, from: number, to: number): Batch {
  return {
    x: sliceRows(x, from, to),
    y: sliceRows(y, from, to),
    ...(sampleWeight && { sampleWeight: sliceRows(sampleWeight, from, to) }),
    ...(metricY && { metricY: sliceRows(metricY, from, to) }),
  };
}

/**
 * The contribution of a part to the sum of a step: its losses, metrics and gradients times its share of the rows, or, with a mask, times the number of
 * rows or time steps that count. L2 terms are the same in every part.
 * @param owner the name, in errors, of the function that takes the step in parts
 * @example
 * const step = { loss: tf.scalar(1), penalty: tf.scalar(2), cost: tf.scalar(3), metrics: {}, gradients: new Map(), l2: new Map() };
 * weighPart('accumulate', step, 0.5).cost; // 1.5
 * @throws DataError if a mask reaches one of several outputs: their losses are means over different numbers, and one weight cannot be right for all of
 * them
 */
export function weighPart(owner: string, { counted, ...part }: StepResult, share: number): StepResult {
  if (counted && counted.size > 1) throw new DataError(messages.masksOfSeveralOutputs(owner, counted.size));
  return { ...mapStep(part, t => mul(t, counted ?? share)), counted: counted && clone(counted) };
}

/**
 * The sum of weighted parts.
 * @example
 * const step = { loss: tf.scalar(1), penalty: tf.scalar(2), cost: tf.scalar(3), metrics: {}, gradients: new Map(), l2: new Map() };
 * addSteps(weighPart('accumulate', step, 0.5), weighPart('accumulate', step, 0.5)).cost; // 3
 */
export function addSteps(sum: StepResult, part: StepResult): StepResult {
  const before = stepTensors(sum).values();
  return mapStep(part, t => add(before.next().value as Tensor, t));
}

/**
 * The step of the whole batch, from the sum of its weighted parts.
 * @example
 * const step = { loss: tf.scalar(1), penalty: tf.scalar(2), cost: tf.scalar(3), metrics: {}, gradients: new Map(), l2: new Map() };
 * const half = weighPart('accumulate', step, 0.5);
 * meanOfParts(addSteps(half, half)).cost; // 3
 */
export const meanOfParts = ({ counted, ...sum }: StepResult): StepResult =>
  counted ? { ...mapStep(sum, t => div(t, counted)), counted: clone(counted) } : sum;
