/**
 * Optimizer updates in one pass. A kernel returns the new values; it overwrites the old ones if nobody else can see them (their data have one
 * reference), and otherwise writes to a copy, so that a clone made before a step keeps its values.
 */
import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { Bound } from '../backend/module.ts';
import { isFloat, type Kernel, sizeOf } from './kernel.ts';

/** The tensor to write to: the same data with one more reference, or a copy. */
function donated(bound: Bound, tensor: TensorInfo): TensorInfo {
  const { backend } = bound;
  const { dataId, shape, dtype } = tensor;
  const stored = backend.dataIdMap.get(dataId);
  const size = sizeOf(shape);
  if (!stored || stored.refCount > 1) {
    const copy = bound.output(shape, dtype);
    const [from, to] = [bound.at(tensor) >>> 0, bound.at(copy) >>> 0];
    backend.wasm.HEAPU8.copyWithin(to, from, from + size * util.bytesPerElement(dtype));
    return copy;
  }
  // XNNPACK caches packed weights by the number of their tensor: a new number makes it pack the new values
  backend.wasm.tfjs.disposeData(stored.id);
  stored.id = backend.dataIdNextNumber++;
  backend.wasm.tfjs.registerTensor(stored.id, size, stored.memoryOffset);
  return bound.share(tensor);
}

/** Σ w² of weights after one of our updates, by their data: nothing else writes to existing data. */
const squares = new WeakMap<object, number>();

/** Σ w², which is already known after one of our updates. */
export const squaresOf = (bound: Bound, w: TensorInfo): number =>
  squares.get(w.dataId) ?? bound.run.sumOfSquares(bound.at(w), sizeOf(w.shape));

/** Whether all are float32 and of the same shape. */
const areAlike = (g: TensorInfo, ...others: readonly TensorInfo[]): boolean =>
  isFloat(g, ...others) && others.every(({ shape }) => util.arraysEqual(shape, g.shape));

export const sgd: Kernel = (bound, { g, w }, { rate, l2, keep }) => {
  if (!g || !w || !areAlike(g, w)) return undefined;
  const to = donated(bound, w);
  squares.set(to.dataId, bound.run.sgd(bound.at(to), bound.at(g), sizeOf(g.shape), rate, l2, keep));
  return [to];
};

export const momentum: Kernel = (bound, { g, w, v }, { rate, mu, nesterov, l2, keep }) => {
  if (!g || !w || !v || !areAlike(g, w, v)) return undefined;
  const [to, toV] = [donated(bound, w), donated(bound, v)];
  const [atW, atG, atV] = [bound.at(to), bound.at(g), bound.at(toV)];
  squares.set(to.dataId, bound.run.momentum(atW, atG, atV, sizeOf(g.shape), rate, mu, nesterov, l2, keep));
  return [to, toV];
};

export const adam: Kernel = (bound, { g, w, m, v }, attrs) => {
  if (!g || !w || !m || !v || !areAlike(g, w, m, v)) return undefined;
  const { rate, beta1, beta2, correction1, correction2, epsilon, l2, keep } = attrs;
  const [to, toM, toV] = [donated(bound, w), donated(bound, m), donated(bound, v)];
  const [atW, atG, atM, atV] = [bound.at(to), bound.at(g), bound.at(toM), bound.at(toV)];
  const n = sizeOf(g.shape);
  const sum = bound.run.adam(atW, atG, atM, atV, n, rate, beta1, beta2, correction1, correction2, epsilon, l2, keep);
  squares.set(to.dataId, sum);
  return [to, toM, toV];
};

/** Σ (t − t) over all inputs: finite, and 0, if and only if every number in them is finite. */
export const finite: Kernel = (bound, inputs) => {
  const tensors = Object.values(inputs).flatMap(tensor => (tensor && isFloat(tensor) ? [tensor] : []));
  if (tensors.length < Object.keys(inputs).length) return undefined;
  const out = bound.output([]);
  const value = tensors.reduce((sum, t) => sum + bound.run.selfDifference(bound.at(t), sizeOf(t.shape)), 0);
  new Float32Array(bound.memory.buffer, bound.at(out) >>> 0, 1)[0] = value;
  return out;
};

/** Σ λᵢ Σ wᵢ², added up in double precision. */
export const l2: Kernel<{ readonly lambdas: readonly number[] }> = (bound, inputs, { lambdas }) => {
  let value = 0;
  for (const [i, lambda] of lambdas.entries()) {
    const w = inputs[`w${i}`];
    if (!w || !isFloat(w)) return undefined;
    value += lambda * squaresOf(bound, w);
  }
  const out = bound.output([]);
  new Float32Array(bound.memory.buffer, bound.at(out) >>> 0, 1)[0] = value;
  return out;
};

/** w [.., units] projected to norms ≤ c over all axes but the last. */
export const projectColumns: Kernel = (bound, { w }, { maxNorm }) => {
  if (!w || !isFloat(w) || sizeOf(w.shape) === 0) return undefined;
  const units = w.shape.at(-1) ?? 1;
  const result = donated(bound, w);
  bound.withBytes(4 * units, norms => {
    squares.delete(result.dataId);
    bound.run.projectColumns(bound.at(result), sizeOf(w.shape) / units, units, maxNorm, norms);
  });
  return result;
};
