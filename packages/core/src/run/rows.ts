/** A batch in parts, for those who take a step in parts: accumulation, workers. */
import { add, clone, div, mul, slice, type Tensor } from '@tensorflow/tfjs-core';
import type { Batch, StepResult, Tensors } from '../contract.ts';
import { DataError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { mapStep, stepTensors } from '../plugin/stepResult.ts';

/** Every tensor of a batch. */
export const batchTensors = ({ x, y, sampleWeight, metricY }: Batch): Tensor[] =>
  [x, y, sampleWeight, metricY].flatMap(tensors => Object.values(tensors ?? {}));

/** Where the parts of `rows` rows begin and end: sizes differ by one at most, and there are no empty ones. */
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

/** The rows `from` … `to` − 1 of a batch. */
export function sliceBatch({ x, y, sampleWeight, metricY }: Batch, from: number, to: number): Batch {
  return {
    x: sliceRows(x, from, to),
    y: sliceRows(y, from, to),
    ...(sampleWeight && { sampleWeight: sliceRows(sampleWeight, from, to) }),
    ...(metricY && { metricY: sliceRows(metricY, from, to) }),
  };
}

/**
 * What a part adds to the sum of a step: losses, metrics and gradients × its share of the rows, or × how many of them it counts, where a mask decides that. L2
 * terms are the same in every part.
 * @throws DataError for masks that reach one of several outputs: their losses are means over different numbers, and one weight cannot be right for all of them
 */
export function weighPart(owner: string, { counted, ...part }: StepResult, share: number): StepResult {
  if (counted && counted.size > 1) throw new DataError(messages.masksOfSeveralOutputs(owner, counted.size));
  return { ...mapStep(part, t => mul(t, counted ?? share)), counted: counted && clone(counted) };
}

/** The sum of weighed parts. */
export function addSteps(sum: StepResult, part: StepResult): StepResult {
  const before = stepTensors(sum).values();
  return mapStep(part, t => add(before.next().value as Tensor, t));
}

/** The step of the whole batch from the sum of its weighed parts. */
export const meanOfParts = ({ counted, ...sum }: StepResult): StepResult =>
  counted ? { ...mapStep(sum, t => div(t, counted)), counted: clone(counted) } : sum;
