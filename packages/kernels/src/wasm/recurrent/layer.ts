/**
 * Wraps `RNN.call`, where TF.js' layers LSTM, GRU and SimpleRNN, and their subclasses, run their cells. A marked seam: read in tfjs-layers 4.22. Everything
 * that the kernels do not support is left to stock: other activations, cells with a replaced `call`, other backends.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Masks, Options } from './names.ts';
import { sequence } from './sequence.ts';
import { isFloat, type Stage, stagesOf } from './stages.ts';

type Given = tf.Tensor | tf.Tensor[];
export interface RNN {
  readonly cell: Parameters<typeof stagesOf>[0];
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  readonly goBackwards: boolean;
  readonly stateful: boolean;
  readonly unroll: boolean;
  readonly states_: readonly tf.Tensor[] | null;
  resetStates(states: tf.Tensor[], training?: boolean): void;
}
interface Kwargs {
  readonly mask?: unknown;
  readonly training?: boolean | null;
  readonly initialState?: readonly tf.Tensor[] | null;
}
export type Call = (this: RNN, inputs: Given, kwargs?: Kwargs | null) => Given;

/** The computation, if the kernels support all of it. */
interface Plan {
  readonly x: tf.Tensor;
  readonly mask: Masks['mask'];
  readonly stages: readonly Stage[];
}

/** The steps that count, 0 or 1, according to the mask from an earlier layer; undefined if the mask does not have one value per step. */
function maskOf(mask: unknown, steps: readonly [number, number]): Pick<Masks, 'mask'> | undefined {
  if (mask == null) return {};
  if (!(mask instanceof tf.Tensor)) return undefined;
  if (![[...steps], [...steps, 1]].some(shape => tf.util.arraysEqual(mask.shape, shape))) return undefined;
  return { mask: tf.reshape(tf.cast(tf.cast(mask, 'bool'), 'float32'), [...steps]) };
}

function planOf(layer: RNN, given: Given, { mask, training, initialState }: Kwargs): Plan | undefined {
  const [x, ...more] = [given].flat();
  if (!x || more.length > 0 || layer.unroll || x.rank !== 3 || !isFloat(x, x.shape)) return undefined;
  const [batch = 0, time = 0] = x.shape;
  const known = maskOf(mask, [batch, time]);
  const states = initialState ?? (layer.stateful ? layer.states_ : null);
  const stages = known && stagesOf(layer.cell, x, states, training === true);
  return stages ? { x, mask: known.mask, stages } : undefined;
}

/** y, followed by the last states if they are requested, those of the last cell first. */
function run(plan: Plan, options: Pick<Options, 'backwards' | 'all' | 'states'>): tf.Tensor[] {
  const { stages } = plan;
  let { x: read, mask } = plan;
  let { backwards } = options;
  const ends: tf.Tensor[] = [];
  for (const [i, { name, hard, given, drop, dropsCarry, dropped }] of stages.entries()) {
    const isLast = i === stages.length - 1;
    const of = { ...options, backwards, all: options.all || !isLast, hard, dropsCarry };
    const masks = { ...(mask ? { mask } : {}), ...(drop ? { drop } : {}) };
    const [y, ...last] = sequence(name, { x: dropped(read), ...given }, of, masks);
    if (!y) throw new TypeError('A recurrent layer has an output.');
    // the next cell reads the steps in the order in which this one made them
    read = y;
    mask = mask && backwards ? tf.reverse(mask, 1) : mask;
    backwards = false;
    ends.unshift(...last);
  }
  return [read, ...ends];
}

export const rnnCall = (stock: Call): Call =>
  function (given, kwargs) {
    return tf.tidy(() => {
      const plan = planOf(this, given, kwargs ?? {});
      if (!plan) return stock.call(this, given, kwargs);
      const { returnSequences: all, returnState, goBackwards: backwards, stateful } = this;
      const [y, ...states] = run(plan, { backwards, all, states: returnState || stateful });
      if (!y) throw new TypeError('A recurrent layer has an output.');
      if (stateful) this.resetStates(states, kwargs?.training ?? undefined);
      return returnState ? [y, ...states] : y;
    });
  };
