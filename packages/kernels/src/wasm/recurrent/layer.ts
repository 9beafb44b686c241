/**
 * Stands in for `RNN.call`, where TF.js' layers LSTM, GRU and SimpleRNN, and what extends them, run their cells. A marked seam: read in tfjs-layers 4.22. Whatever the
 * kernels do not do goes on to stock: masks, other activations, dropout in the cell, a cell whose call is somebody else's, other backends.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { CellName, Inputs } from './names.ts';
import { canRun, sequence } from './sequence.ts';

type Given = tf.Tensor | tf.Tensor[];
interface Weight {
  read(): tf.Tensor;
}
interface Cell {
  readonly units: number;
  readonly kernel: Weight;
  readonly recurrentKernel: Weight;
  readonly bias?: Weight | null;
  readonly activation?: object | null;
  readonly recurrentActivation?: object | null;
  readonly dropout: number;
  readonly recurrentDropout: number;
}
export interface RNN {
  readonly cell: Cell;
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
  readonly training?: boolean;
  readonly initialState?: readonly tf.Tensor[] | null;
}
export type Call = (this: RNN, inputs: Given, kwargs?: Kwargs | null) => Given;

const GATES: Readonly<Record<CellName, number>> = { LSTM: 4, GRU: 3, SimpleRNN: 1 };
const STATES: Readonly<Record<CellName, number>> = { LSTM: 2, GRU: 1, SimpleRNN: 1 };

/** Whether this is TF.js' own object of a class, with the method that its class has. */
function isStock(value: object | null | undefined, className: string, method: 'call' | 'apply'): value is object {
  const known = tf.serialization.SerializationMap.getMap().classNameMap[className];
  return known !== undefined && value?.constructor === known[0] && !Object.hasOwn(value, method);
}

interface Plan {
  readonly name: CellName;
  readonly inputs: Inputs;
  readonly hard: boolean;
}

const isFloat = (t: tf.Tensor | undefined, shape: readonly number[]): t is tf.Tensor =>
  t instanceof tf.Tensor && t.dtype === 'float32' && t.size > 0 && tf.util.arraysEqual(t.shape, [...shape]);

/** Which of the kernels does what this cell does. */
function kindOf(cell: Cell, training: boolean): Pick<Plan, 'name' | 'hard'> | undefined {
  const name = (['LSTM', 'GRU', 'SimpleRNN'] as const).find(name => isStock(cell, `${name}Cell`, 'call'));
  if (!name || !canRun(name) || !isStock(cell.activation, 'tanh', 'apply')) return undefined;
  if (training && (cell.dropout > 0 || cell.recurrentDropout > 0)) return undefined;
  const hard = isStock(cell.recurrentActivation, 'hardSigmoid', 'apply');
  const isKnown = name === 'SimpleRNN' || hard || isStock(cell.recurrentActivation, 'sigmoid', 'apply');
  return isKnown ? { name, hard } : undefined;
}

/** What is to be computed, where the kernels do all of it. */
function planOf(layer: RNN, given: Given, { mask, training = false, initialState }: Kwargs): Plan | undefined {
  const { cell, stateful } = layer;
  const [x, ...more] = [given].flat();
  const kind = kindOf(cell, training);
  if (!kind || !x || more.length > 0 || mask != null || layer.unroll || x.rank !== 3) return undefined;
  const { units } = cell;
  const [batch = 0, , features = 0] = x.shape;
  const zeros = (): tf.Tensor[] => new Array<tf.Tensor>(STATES[kind.name]).fill(tf.zeros([batch, units]));
  if (!isFloat(x, x.shape)) return undefined;
  const columns = GATES[kind.name] * units;
  const [w, u, bias] = [cell.kernel.read(), cell.recurrentKernel.read(), cell.bias?.read()];
  const [h, c, ...others] = initialState ?? (stateful ? layer.states_ : null) ?? zeros();
  if (!isFloat(w, [features, columns]) || !isFloat(u, [units, columns]) || !isFloat(h, [batch, units]))
    return undefined;
  if ((bias && !isFloat(bias, [columns])) || others.length > 0) return undefined;
  const inputs = { x, w, u, h, ...(bias ? { bias } : {}) };
  if (kind.name !== 'LSTM') return c ? undefined : { ...kind, inputs };
  return isFloat(c, [batch, units]) ? { ...kind, inputs: { ...inputs, c } } : undefined;
}

export const rnnCall = (stock: Call): Call =>
  function (given, kwargs) {
    return tf.tidy(() => {
      const plan = planOf(this, given, kwargs ?? {});
      if (!plan) return stock.call(this, given, kwargs);
      const { returnSequences: all, returnState, goBackwards: backwards, stateful } = this;
      const options = { hard: plan.hard, backwards, all, states: returnState || stateful };
      const [y, ...states] = sequence(plan.name, plan.inputs, options);
      if (!y) throw new TypeError('A recurrent layer has an output.');
      if (stateful) this.resetStates(states, kwargs?.training);
      return returnState ? [y, ...states] : y;
    });
  };
