/**
 * Optimizer updates in one pass. A kernel returns the new values; it writes them over the old ones where nobody else can see those
 * (their data have one reference), and into a copy where somebody can: a clone taken before a step keeps its values.
 */
import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { Bound } from '../backend/module.ts';
import { type Inputs, isFloat, type Kernel, sizeOf } from './kernel.ts';

/** The tensor to write to: the same data with one reference more, or a copy. */
function donated(bound: Bound, tensor: TensorInfo): TensorInfo {
  const { backend } = bound;
  const { dataId, shape, dtype } = tensor;
  const stored = backend.dataIdMap.get(dataId)!;
  const size = sizeOf(shape);
  if (stored.refCount > 1) {
    const copy = bound.output(shape, dtype);
    const [from, to] = [bound.at(tensor), bound.at(copy)].map(at => at >>> 0) as [number, number];
    backend.wasm.HEAPU8.copyWithin(to, from, from + size * util.bytesPerElement(dtype));
    return copy;
  }
  // XNNPACK keeps packed weights by the number of their tensor: a new number makes it pack the new values
  backend.wasm.tfjs.disposeData(stored.id);
  stored.id = backend.dataIdNextNumber++;
  backend.wasm.tfjs.registerTensor(stored.id, size, stored.memoryOffset);
  return bound.share(tensor);
}

/** Σ w² of weights that an update of ours has left, by their data: nothing else writes into existing data. */
const squares = new WeakMap<object, number>();

/** Runs `f`, which returns Σ w², on the addresses of the gradient and of the tensors to be updated, w first, all of w's shape. */
function update(
  bound: Bound,
  inputs: Inputs,
  names: readonly string[],
  f: (n: number, g: number, ...to: number[]) => number,
) {
  const { g } = inputs;
  const tensors = names.map(name => inputs[name]);
  if (!g || tensors.some(t => !t) || !isFloat(g, ...tensors)) return undefined;
  if (tensors.some(t => !util.arraysEqual(t!.shape, g.shape))) return undefined;
  const results = tensors.map(tensor => donated(bound, tensor!));
  const sum = f(sizeOf(g.shape), bound.at(g), ...results.map(result => bound.at(result)));
  squares.set(results[0]!.dataId, sum);
  return results;
}

export const sgd: Kernel = (bound, inputs, { rate, l2, keep }) =>
  update(bound, inputs, ['w'], (n, g, w) => bound.run.sgd(w!, g, n, rate, l2, keep));

export const momentum: Kernel = (bound, inputs, { rate, mu, nesterov, l2, keep }) =>
  update(bound, inputs, ['w', 'v'], (n, g, w, v) => bound.run.momentum(w!, g, v!, n, rate, mu, nesterov, l2, keep));

export const adam: Kernel = (bound, inputs, attrs) => {
  const { rate, beta1, beta2, correction1, correction2, epsilon, l2, keep } = attrs;
  return update(bound, inputs, ['w', 'm', 'v'], (n, g, w, m, v) =>
    bound.run.adam(w!, g, m!, v!, n, rate, beta1, beta2, correction1, correction2, epsilon, l2, keep),
  );
};

/** Σ λᵢ Σ wᵢ², added up in double precision. */
export const l2: Kernel = (bound, inputs, { lambdas }) => {
  const weights = (lambdas as readonly number[]).map((lambda, i) => ({ lambda, w: inputs[`w${i}`] }));
  if (weights.some(({ w }) => !w || !isFloat(w))) return undefined;
  const out = bound.output([]);
  const squared = (w: TensorInfo): number =>
    squares.get(w.dataId) ?? bound.run.sumOfSquares(bound.at(w), sizeOf(w.shape));
  const value = weights.reduce((sum, { lambda, w }) => sum + lambda * squared(w!), 0);
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
