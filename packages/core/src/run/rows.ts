/** A batch in parts, for those who take a step in parts: accumulation, workers. */
import { add, mul, slice, type Tensor } from '@tensorflow/tfjs-core';
import type { Batch, StepResult, Tensors } from '../contract.ts';
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

/** sum + share × part, over losses, metrics and gradients; L2 terms are the same in every part. */
export function addStep(sum: StepResult | undefined, part: StepResult, share: number): StepResult {
  const before = sum && stepTensors(sum).values();
  return mapStep(part, t => {
    const mine = mul(t, share);
    return before ? add(before.next().value as Tensor, mine) : mine;
  });
}
