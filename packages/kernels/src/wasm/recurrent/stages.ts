/**
 * The stages of a recurrent layer: its cell, or each of its stacked cells, over the whole sequence. A marked seam: read in tfjs-layers 4.22, where the states of
 * stacked cells are a list that begins with those of the last cell.
 */
import * as tf from '@tensorflow/tfjs-core';
import { type Cell, dropsOf, isOf, type Kind, kindOf, sizes } from './cell.ts';
import type { CellName, Inputs, Masks } from './names.ts';

type Weights = Pick<Inputs, 'w' | 'u' | 'bias' | 'ownBias'>;
type States = Pick<Inputs, 'h' | 'c'>;
interface Planned {
  readonly cell: Cell;
  readonly kind: Kind;
  readonly features: number;
  readonly weights: Weights;
  readonly states: States;
}
export interface Stage {
  readonly name: CellName;
  readonly hard: boolean;
  readonly given: Weights & States;
  readonly drop: Masks['drop'];
  readonly dropsCarry: boolean;
  /** Applies dropout to x. */
  readonly dropped: (x: tf.Tensor) => tf.Tensor;
}

export const isFloat = (t: tf.Tensor | undefined, shape: readonly number[]): t is tf.Tensor =>
  t instanceof tf.Tensor && t.dtype === 'float32' && t.size > 0 && tf.util.arraysEqual(t.shape, [...shape]);

interface Stacked {
  readonly cells: readonly Cell[];
  readonly call: object;
}
const isStacked = (cell: Cell | Stacked): cell is Stacked =>
  isOf(cell, 'StackedRNNCells') && !Object.hasOwn(cell, 'call');

/** W, U and the biases, if they have the right shapes for this kind of cell. */
function weightsOf(cell: Cell, { name }: Kind, features: number): Weights | undefined {
  const { units } = cell;
  const columns = sizes[name].gates * units;
  const [w, u, bias] = [cell.kernel.read(), cell.recurrentKernel.read(), cell.bias?.read()];
  if (!isFloat(w, [features, columns]) || !isFloat(u, [units, columns])) return undefined;
  if (!bias) return { w, u };
  if (name !== 'ResetAfterGRU') return isFloat(bias, [columns]) ? { w, u, bias } : undefined;
  if (!isFloat(bias, [2, columns])) return undefined;
  const [ofInputs, ofState] = tf.unstack(bias);
  return ofInputs && ofState ? { w, u, bias: ofInputs, ownBias: ofState } : undefined;
}

/** The initial states, if they have the right number and shapes for the cell. */
function statesOf([h, c]: readonly tf.Tensor[], { name }: Kind, shape: readonly number[]): States | undefined {
  if (!isFloat(h, shape)) return undefined;
  if (sizes[name].states === 1) return { h };
  return isFloat(c, shape) ? { h, c } : undefined;
}

/** The plan for each cell; undefined if the kernels do not support one of them. */
function planned(
  cells: readonly Cell[],
  [batch, features]: readonly number[],
  given: readonly tf.Tensor[] | null,
): Planned[] | undefined {
  const plans: Planned[] = [];
  const left = given ? [...given] : undefined;
  let read = features ?? 0;
  for (const cell of cells) {
    const kind = kindOf(cell);
    if (!kind) return undefined;
    const count = sizes[kind.name].states;
    const shape = [batch ?? 0, cell.units];
    const taken = left ? left.splice(-count) : new Array<tf.Tensor>(count).fill(tf.zeros(shape));
    const [weights, states] = [
      weightsOf(cell, kind, read),
      taken.length === count ? statesOf(taken, kind, shape) : undefined,
    ];
    if (!weights || !states) return undefined;
    plans.push({ cell, kind, features: read, weights, states });
    read = cell.units;
  }
  return left && left.length > 0 ? undefined : plans;
}

/** The stages; undefined if the kernels do not support all of them. @param states the initial states; null for zeros */
export function stagesOf(
  cell: Cell | Stacked,
  x: tf.Tensor,
  states: readonly tf.Tensor[] | null,
  training: boolean,
): Stage[] | undefined {
  const cells = isStacked(cell) ? cell.cells : [cell];
  const [batch = 0, , features = 0] = x.shape;
  const plans = planned(cells, [batch, features], states);
  const stages = plans?.map(({ cell, kind, features, weights, states }): Stage | undefined => {
    const { x, h, carry } = dropsOf(cell, kind, [batch, features], training);
    if ((x && !isFloat(x, [batch, features])) || (h && !isFloat(h, [batch, cell.units]))) return undefined;
    const { name, hard } = kind;
    const dropped = (given: tf.Tensor): tf.Tensor => (x ? tf.mul(given, tf.expandDims(x, 1)) : given);
    return { name, hard, given: { ...weights, ...states }, drop: h, dropsCarry: carry, dropped };
  });
  const whole = stages?.filter(stage => stage !== undefined);
  return whole && whole.length === cells.length && whole.length > 0 ? whole : undefined;
}
