/**
 * The cell of a GRU, with its reset gate before the recurrent kernel, as TF.js has it, or behind it, as Keras has it by default. A marked seam: read in
 * tfjs-layers 4.22, the weights that `GRUCell.build` makes and the gates of `GRUCell.call`.
 *
 *     z = σ(x Wz + h Uz)        r = σ(x Wr + h Ur)        h′ = z h + (1 − z) h̃
 *     before (Cho et al. 2014):  h̃ = tanh(x W + (r ∘ h) U)        behind:  h̃ = tanh(x W + r ∘ (h U + b′)), b′ and b added to each product
 */
import { describeCellCall } from '@keepprob/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { CellStep, GRUCell } from './stateDropout.ts';

type Arguments = Parameters<typeof layers.gruCell>[0];
type Three = [tf.Tensor, tf.Tensor, tf.Tensor];

/** The cells whose reset gate is behind the recurrent kernel. */
const resetAfter = new WeakSet<GRUCell>();

/** `tf.layers.gruCell`, which refuses `resetAfter: true`. */
export function gruCell({ resetAfter: behind = false, ...args }: Arguments): GRUCell {
  const cell = layers.gruCell(args);
  if (!behind) return cell;
  resetAfter.add(cell);
  const config = cell.getConfig();
  const call = ([x, h, ...rest]: tf.Tensor[]): tf.Tensor[] | undefined =>
    x && h && tf.tidy(() => stepBehind(cell, [x, h, ...rest], state => state));
  return Object.assign(cell, {
    build: (shape: tf.Tensor['shape']) => buildBehind(cell, shape),
    call: describeCellCall(call, { resetAfter: true }),
    getConfig: () => ({ ...config, resetAfter: true }),
  });
}

/** The weights of Keras: two biases, one for the inputs and one for the state. */
function buildBehind(cell: GRUCell, shape: tf.Tensor['shape']): void {
  const { units, kernelInitializer: W, recurrentInitializer: U, biasInitializer: b } = cell;
  const gates = 3 * units;
  const features = shape.at(-1) ?? 0;
  // biome-ignore lint/complexity/useLiteralKeys: protected
  const add = cell['addWeight'].bind(cell);
  const kernel = add('kernel', [features, gates], 'float32', W, cell.kernelRegularizer, true, cell.kernelConstraint);
  const state = cell.recurrentRegularizer;
  const recurrentKernel = add('recurrent_kernel', [units, gates], 'float32', U, state, true, cell.recurrentConstraint);
  const bias = cell.useBias && add('bias', [2, gates], 'float32', b, cell.biasRegularizer, true, cell.biasConstraint);
  Object.assign(cell, { kernel, recurrentKernel, bias: bias || null, built: true });
}

const gatesOf = (product: tf.Tensor): Three => tf.split(product, 3, 1) as Three;
const product = (x: tf.Tensor, matrix: tf.Tensor): tf.Tensor => tf.matMul(x as tf.Tensor2D, matrix as tf.Tensor2D);

/** h is dropped on its way into the recurrent kernel. */
const stepBehind = (cell: GRUCell, [x, h]: readonly tf.Tensor[], drop: (h: tf.Tensor) => tf.Tensor): tf.Tensor[] => {
  if (!x || !h) return [];
  const biases = cell.bias ? tf.unstack(cell.bias.read()) : [];
  const biased = (t: tf.Tensor, b: tf.Tensor | undefined): tf.Tensor => (b ? tf.add(t, b) : t);
  const [xz, xr, xh] = gatesOf(biased(product(x, cell.kernel.read()), biases[0]));
  const [hz, hr, hh] = gatesOf(biased(product(drop(h), cell.recurrentKernel.read()), biases[1]));
  const z = cell.recurrentActivation.apply(tf.add(xz, hz));
  const r = cell.recurrentActivation.apply(tf.add(xr, hr));
  return next(z, h, cell.activation.apply(tf.add(xh, tf.mul(r, hh))));
};

/** What is carried must stay whole, or it would be divided by keepProb at every step, as stock's own `recurrentDropout` does. */
const next = (z: tf.Tensor, h: tf.Tensor, candidate: tf.Tensor): tf.Tensor[] => {
  const state = tf.add(tf.mul(z, h), tf.mul(tf.sub(1, z), candidate));
  return [state, state];
};

/** A GRU also carries h over, so that its gates are written out here, with h dropped where a kernel reads it. */
export const gruStep: CellStep<GRUCell> = (cell, [x, h], drop) => {
  if (resetAfter.has(cell)) return stepBehind(cell, [x, h], drop);
  const seen = drop(h);
  const [toGates, toCandidate] = tf.split(cell.recurrentKernel.read(), [2 * cell.units, cell.units], 1) as [
    tf.Tensor,
    tf.Tensor,
  ];
  const inputs = product(x, cell.kernel.read());
  const [xz, xr, xh] = gatesOf(cell.bias ? tf.add(inputs, cell.bias.read()) : inputs);
  const [hz, hr] = tf.split(product(seen, toGates), 2, 1) as [tf.Tensor, tf.Tensor];
  const z = cell.recurrentActivation.apply(tf.add(xz, hz));
  const r = cell.recurrentActivation.apply(tf.add(xr, hr));
  return next(z, h, cell.activation.apply(tf.add(xh, product(tf.mul(r, seen), toCandidate))));
};
