/**
 * A cell of a recurrent layer: the kernel that computes it, and the dropout masks for x and h. A marked seam: read in tfjs-layers 4.22, where a cell draws its
 * masks at the first step that finds none, keeps them, and multiplies by the first of them (`generateDropoutMask`, which is not exported).
 */
import { type CellCall, cellCallOf } from '@keepprob/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { CellName } from './names.ts';
import { canRun } from './sequence.ts';

interface Weight {
  read(): tf.Tensor;
}
type Kept = 'dropoutMask' | 'recurrentDropoutMask';
export interface Cell extends Partial<Record<Kept, tf.Tensor | tf.Tensor[] | null>> {
  readonly units: number;
  readonly kernel: Weight;
  readonly recurrentKernel: Weight;
  readonly bias?: Weight | null;
  readonly activation?: object | null;
  readonly recurrentActivation?: object | null;
  readonly dropout: number;
  readonly recurrentDropout: number;
  readonly dropoutFunc?: ((x: tf.Tensor, rate: number) => tf.Tensor) | null;
  readonly call: object;
}

/** The number of gates of a cell, the number of its states, and the number of masks it draws for each of x and h, if that is a list. */
export const sizes: Readonly<Record<CellName, { gates: number; states: number; masks?: number }>> = {
  LSTM: { gates: 4, states: 2, masks: 4 },
  GRU: { gates: 3, states: 1, masks: 3 },
  ResetAfterGRU: { gates: 3, states: 1, masks: 3 },
  SimpleRNN: { gates: 1, states: 1 },
};

/** Whether this is an instance of exactly the TF.js class with this name. */
export function isOf(value: object | null | undefined, className: string): value is object {
  const known = tf.serialization.SerializationMap.getMap().classNameMap[className];
  return known !== undefined && value?.constructor === known[0];
}
const isActivation = (value: object | null | undefined, className: string): boolean =>
  isOf(value, className) && !Object.hasOwn(value, 'apply');

export interface Kind {
  readonly name: CellName;
  /** Hard sigmoids for gates. */
  readonly hard: boolean;
  /** The description of its call, if it is not the call of its class. */
  readonly own: CellCall | undefined;
}

/** The kernel that computes this cell, if any. */
export function kindOf(cell: Cell): Kind | undefined {
  const own = cellCallOf(cell.call);
  const stock = (['LSTM', 'GRU', 'SimpleRNN'] as const).find(name => isOf(cell, `${name}Cell`));
  if (!stock || (Object.hasOwn(cell, 'call') && !own)) return undefined;
  const name = own?.resetAfter ? 'ResetAfterGRU' : stock;
  if (!canRun(name) || !isActivation(cell.activation, 'tanh')) return undefined;
  const hard = isActivation(cell.recurrentActivation, 'hardSigmoid');
  const isKnown = name === 'SimpleRNN' || hard || isActivation(cell.recurrentActivation, 'sigmoid');
  return isKnown ? { name, hard, own } : undefined;
}

/**
 * The mask by which TF.js' cell multiplies x or h in this sequence, drawn and kept in the cell as TF.js does. Undefined if it is 1, as at inference, where the
 * cell keeps ones.
 * @param like [batch, features] or [batch, units]
 */
function stockMask(cell: Cell, kept: Kept, rate: number, masks: number | undefined, like: number[], training: boolean) {
  if (!(rate > 0 && rate < 1)) return undefined;
  const known = cell[kept];
  if (known) return [known].flat()[0];
  const draw = (): tf.Tensor => {
    const ones = tf.ones(like);
    if (!training) return ones;
    return cell.dropoutFunc ? cell.dropoutFunc(ones, rate) : tf.dropout(ones, rate);
  };
  const keep = (mask: tf.Tensor): tf.Tensor => tf.keep(tf.clone(mask));
  cell[kept] = masks ? Array.from({ length: masks }, draw).map(keep) : keep(draw());
  return training ? [cell[kept]].flat()[0] : undefined;
}

export interface Drops {
  /** [batch, features] */
  readonly x: tf.Tensor | undefined;
  /** [batch, units] */
  readonly h: tf.Tensor | undefined;
  /** Whether the state that a GRU carries over is dropped too. */
  readonly carry: boolean;
}

/** The factors of x and h, the same at all steps of a sequence. */
export function dropsOf(
  cell: Cell,
  { name, own }: Kind,
  [batch, features]: readonly [number, number],
  training: boolean,
): Drops {
  const { units, dropout, recurrentDropout } = cell;
  if (own?.drop) return { x: undefined, h: own.drop(tf.ones([batch, units])), carry: false };
  const { masks } = sizes[name];
  // our own cells do their own dropout, and never use these rates
  if (own) return { x: undefined, h: undefined, carry: false };
  const x = stockMask(cell, 'dropoutMask', dropout, masks, [batch, features], training);
  const h = stockMask(cell, 'recurrentDropoutMask', recurrentDropout, masks, [batch, units], training);
  return { x, h, carry: true };
}
