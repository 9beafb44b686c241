/**
 * A stock recurrent cell whose state is dropped on its way into the recurrent kernel. A marked seam: read in tfjs-layers 4.22,
 * `RNN.call` → `cell.call([x, ...states], { training })` → [output, ...states].
 */
import { cellCallOf, describeCellCall } from '@keepprob/core/kernels';
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

/** Runs `f`, in which every step of the cell drops its state, which its call says of itself; not where somebody else's call is beneath. */
export function withStateDropout<C extends StockCell, T>(cell: C, step: CellStep<C>, drop: Drop, f: () => T): T {
  const beneath = cellCallOf(cell.call);
  const isKnown = beneath !== undefined || !Object.hasOwn(cell, 'call');
  const dropping = (call: StockCell['call']): StockCell['call'] => {
    const dropped: StockCell['call'] = (inputs, kwargs) => {
      const [x, h, ...rest] = [inputs].flat();
      const stock = (given: tf.Tensor[]): Outputs => call(given, { training: false });
      return x && h ? tf.tidy(() => step(cell, [x, h, ...rest], drop, stock)) : call([inputs].flat(), kwargs);
    };
    return isKnown ? describeCellCall(dropped, { ...beneath, drop }) : dropped;
  };
  return withCalls(new Map([[cell, dropping]]), f);
}
