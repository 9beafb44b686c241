/**
 * A recurrent layer over a sequence as one operation: one kernel forward; backward, one kernel for the gradients with respect to the gates, and one product
 * over all steps for each weight. Inputs, states and gates are kept between the passes.
 */

import { isTaped } from '@keepprob/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { type Named, runOperation } from '../operation.ts';
import { byOps } from './byOps.ts';
import type { CellName, Inputs, Masks, Options } from './names.ts';
import * as names from './names.ts';

/** The kernels that compute a cell, and the values of its steps that it keeps in addition to h. */
interface Cell {
  readonly forward: string;
  readonly backward: string;
  readonly keeps: readonly ('c' | 'inner' | 'gates')[];
}
const cells: Readonly<Record<CellName, Cell>> = {
  LSTM: { forward: names.LSTM, backward: names.LSTM_GRAD, keeps: ['c', 'gates'] },
  GRU: { forward: names.GRU, backward: names.GRU_GRAD, keeps: ['gates'] },
  ResetAfterGRU: { forward: names.RESET_AFTER_GRU, backward: names.RESET_AFTER_GRU_GRAD, keeps: ['inner', 'gates'] },
  SimpleRNN: { forward: names.SIMPLE_RNN, backward: names.SIMPLE_RNN_GRAD, keeps: [] },
};

/** Whether the backend in use has the kernels. */
export const canRun = (cell: CellName): boolean => tf.getKernel(cells[cell].forward, tf.getBackend()) !== undefined;

const run = <T extends tf.Tensor | tf.Tensor[]>(name: string, inputs: Named, attrs: object = {}): T =>
  tf.engine().runKernel<T>(name, inputs, { ...attrs });

/** The tensors that are defined, by name. */
const present = (tensors: Readonly<Record<string, tf.Tensor | undefined>>): Named =>
  Object.fromEntries(Object.entries(tensors).flatMap(([name, t]) => (t ? [[name, t]] : [])));

/** Tensors with their names. */
const named = (names: readonly string[], values: readonly tf.Tensor[]): Named =>
  present(Object.fromEntries(names.map((name, i) => [name, values[i]])));

/** [batch, step, units] → [batch, units] of the last step, always a new tensor. */
function lastOf(t: tf.Tensor): tf.Tensor {
  const [batch = 0, steps = 0, units = 0] = t.shape;
  const last = steps === 1 ? t : tf.slice(t, [0, steps - 1, 0], [batch, 1, units]);
  return tf.reshape(last, [batch, units]);
}

/** y, followed by the last states if they are requested. */
export function sequence(name: CellName, inputs: Inputs, options: Options, masks: Masks = {}): tf.Tensor[] {
  const cell = cells[name];
  const { all, states, ...attrs } = options;
  const keep = isTaped();
  const of = present({ ...inputs });
  const fixed = present({ ...masks });
  const [given, constants] = [Object.keys(of), Object.keys(fixed)];
  return runOperation({
    inputs: of,
    forwardFunc(_, save) {
      const [h, ...rest] = run<tf.Tensor[]>(cell.forward, { ...of, ...fixed }, { ...attrs, keep, all });
      if (!h) throw new TypeError('A recurrent kernel gives the states.');
      if (keep) save([...Object.values(of), ...Object.values(fixed), h, ...rest.slice(0, cell.keeps.length)]);
      const y = all ? h : lastOf(h);
      return states ? [y, ...[h, ...(inputs.c ? rest.slice(0, 1) : [])].map(lastOf)] : [y];
    },
    backwardsFunc(dys, saved) {
      const first = saved.slice(0, given.length);
      const kept = named([...constants, 'h', ...cell.keeps], saved.slice(given.length));
      return isTaped()
        ? againByOps(name, given, first, [dys].flat(), options, kept)
        : gradients(cell, named(given, first), kept, [dys].flat(), attrs);
    },
  });
}

type Attrs = Omit<Options, 'all' | 'states'>;

function gradients(cell: Cell, of: Named, kept: Named, dys: readonly tf.Tensor[], attrs: Attrs) {
  const { x, w, u, h: h0, c: c0 } = of;
  const [dy, dh, dc] = dys;
  const { h, gates, drop } = kept;
  if (!x || !w || !u || !h0 || !h) throw new TypeError('A recurrent layer keeps its inputs and states.');
  const from = present({ u, h0, c0, ...kept, dy, dh, dc });
  const [dz, ofH, other] = run<tf.Tensor[]>(cell.backward, from, attrs);
  if (!dz || !ofH) throw new TypeError('A recurrent kernel gives the gradients by gates and states.');
  // with the reset gate after the recurrent kernel, its sums have their own gradient
  const ofSums = cell === cells.ResetAfterGRU && other ? other : dz;
  const isReset = cell === cells.GRU;
  return {
    x: () => tf.matMul(dz, w, false, true),
    w: () => run<tf.Tensor>(names.ROWS_PRODUCT, { a: x, b: dz }),
    u: () =>
      run<tf.Tensor>(names.STATE_PRODUCT, present({ u, h0, h, drop, dz: ofSums, gates: isReset ? gates : undefined }), {
        backwards: attrs.backwards,
      }),
    bias: () => tf.sum(dz, [0, 1]),
    ownBias: () => tf.sum(ofSums, [0, 1]),
    h: () => ofH,
    c: () => other ?? ofH,
  };
}

/** The gradients in case they are differentiated again: those of the steps as operations. */
function againByOps(
  name: CellName,
  given: readonly string[],
  inputs: readonly tf.Tensor[],
  dys: readonly tf.Tensor[],
  options: Options,
  masks: Masks,
): Record<string, () => tf.Tensor> {
  const weighted = (...values: tf.Tensor[]): tf.Tensor => {
    const { x, w, u, h, ...more } = named(given, values);
    if (!x || !w || !u || !h) throw new TypeError('A recurrent layer keeps its inputs.');
    const outputs = byOps(name, { x, w, u, h, ...more }, options, masks);
    return tf.addN(outputs.map((y, i) => tf.sum(dys[i] ? tf.mul(y, dys[i]) : y)));
  };
  const results = named(given, tf.grads(weighted)([...inputs]));
  return Object.fromEntries(Object.entries(results).map(([key, gradient]) => [key, () => gradient]));
}
