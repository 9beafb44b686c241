/**
 * A stock recurrent cell whose state is dropped on its way into the recurrent kernel. A marked seam: read in tfjs-layers 4.22,
 * `RNN.call` → `cell.call([x, ...states], { training })` → [output, ...states], and the gates of `GRUCell.call`.
 */
import { withCalls } from '@keepprob/core/layers';
import * as tf from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';

export type GRUCell = ReturnType<typeof layers.gruCell>;
export type StockCell = ReturnType<typeof layers.lstmCell | typeof layers.gruCell | typeof layers.simpleRNNCell>;

export type Drop = (state: tf.Tensor) => tf.Tensor;

/** x and the states, of which h is the first. */
type StepInputs = readonly [x: tf.Tensor, h: tf.Tensor, ...rest: tf.Tensor[]];
type Outputs = tf.Tensor | tf.Tensor[];

/** One step: [x, ...states] → [output, ...states]. `stock` is the step of TF.js. */
export type CellStep<C extends StockCell> = (
  cell: C,
  inputs: StepInputs,
  drop: Drop,
  stock: (inputs: tf.Tensor[]) => Outputs,
) => Outputs;

/** LSTM and SimpleRNN read h in the recurrent kernel alone, so that it may be dropped before the stock cell. */
export const dropBefore: CellStep<StockCell> = (_, [x, h, ...rest], drop, stock) => stock([x, drop(h), ...rest]);

/**
 * GRU also carries h over: h′ = z h + (1 − z) h̃. What is carried must stay whole, or it would be divided by keepProb at every step
 * (stock's own `recurrentDropout` does that), so that the gates are written out here, with h dropped where a kernel reads it.
 */
export const gruStep: CellStep<GRUCell> = (cell, [x, h], drop) => {
  const seen = drop(h);
  const [toGates, toCandidate] = tf.split(cell.recurrentKernel.read(), [2 * cell.units, cell.units], 1) as [
    tf.Tensor2D,
    tf.Tensor2D,
  ];
  const product = tf.matMul(x as tf.Tensor2D, cell.kernel.read() as tf.Tensor2D);
  const biased = cell.bias ? tf.add(product, cell.bias.read()) : product;
  const [xz, xr, xh] = tf.split(biased, 3, 1) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const [hz, hr] = tf.split(tf.matMul(seen, toGates), 2, 1) as [tf.Tensor, tf.Tensor];
  const z = cell.recurrentActivation.apply(tf.add(xz, hz));
  const r = cell.recurrentActivation.apply(tf.add(xr, hr));
  const candidate = cell.activation.apply(tf.add(xh, tf.matMul(tf.mul(r, seen), toCandidate)));
  const next = tf.add(tf.mul(z, h), tf.mul(tf.sub(1, z), candidate));
  return [next, next];
};

/** Runs `f`, in which every step of the cell drops its state. */
export function withStateDropout<C extends StockCell, T>(cell: C, step: CellStep<C>, drop: Drop, f: () => T): T {
  const dropping =
    (call: StockCell['call']): StockCell['call'] =>
    (inputs, kwargs) => {
      const [x, h, ...rest] = [inputs].flat();
      const stock = (given: tf.Tensor[]): Outputs => call(given, { training: false });
      return x && h ? tf.tidy(() => step(cell, [x, h, ...rest], drop, stock)) : call([inputs].flat(), kwargs);
    };
  return withCalls(new Map([[cell, dropping]]), f);
}
