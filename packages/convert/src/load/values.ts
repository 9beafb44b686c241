/** Translates values in the config of a layer: activations, initializers, regularizers and constraints of Keras 2 and 3 to those of TensorFlow.js. */
import { isTable } from '@keepprob/core/driver';
import { ConvertError } from '../errors.ts';
import * as messages from '../messages.ts';
import { unknownClass } from './unknown.ts';
import { own, type Table, wrong } from './where.ts';

/** Some things have the same name in Keras 2 and 3 but are computed differently. */
export type Version = 2 | 3;

const activations: Readonly<Record<string, string>> = {
  elu: 'elu',
  gelu: 'gelu',
  hard_sigmoid: 'hard_sigmoid',
  linear: 'linear',
  log_softmax: 'log_softmax',
  mish: 'mish',
  relu: 'relu',
  relu6: 'relu6',
  selu: 'selu',
  sigmoid: 'sigmoid',
  silu: 'swish',
  softmax: 'softmax',
  softplus: 'softplus',
  softsign: 'softsign',
  swish: 'swish',
  tanh: 'tanh',
};

/** Functions of the scripts that `exportKeras` writes, as saved by Keras. TensorFlow.js has `gelu_new` as well, but cannot load it. */
const ours: Readonly<Record<string, string>> = {
  'keepprob>keras2_hard_sigmoid': 'hard_sigmoid',
};

/** @throws ConvertError for an activation that TensorFlow.js does not have or computes differently */
export function activationIn(value: unknown, where: string, version: Version): string {
  const name = nameOf(value) ?? 'linear';
  const own = Object.hasOwn(ours, name) ? ours[name] : undefined;
  if (own !== undefined) return own;
  const known = Object.hasOwn(activations, name) ? activations[name] : undefined;
  if (known === undefined) return unknownClass('activation', where, name, Object.keys(activations));
  if (known === 'hard_sigmoid' && version === 3) {
    const reason = 'its hard_sigmoid is that of Keras 2, 0.2 x + 0.5, and Keras 3 has x / 6 + 0.5. Use sigmoid.';
    throw new ConvertError('unknownClass', messages.differs(where, name, reason), { layer: where, className: name });
  }
  return known;
}

/** The class of a saved object, or the name that is saved in its place; undefined for null. */
function nameOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!isTable(value)) return undefined;
  const className = own(value, 'class_name');
  const config = own(value, 'config');
  // a function is saved as { class_name: 'function', config: its name }
  if (className === 'function' && typeof config === 'string') return config;
  return typeof className === 'string' ? className : undefined;
}

const configOf = (value: unknown): Table => {
  const config = isTable(value) ? own(value, 'config') : undefined;
  return isTable(config) ? config : {};
};

const numberIn = (config: Table, key: string, fallback: number, where: string): number => {
  const value = own(config, key) ?? fallback;
  return typeof value === 'number' && Number.isFinite(value) ? value : wrong(`${where}, ${key}`, 'a number', value);
};

interface Saved {
  readonly class_name: string;
  readonly config: Table;
}

/** The weights come from the file, so only initializers that TensorFlow.js knows are kept. */
const initializers: Readonly<Record<string, string>> = Object.fromEntries(
  'GlorotNormal GlorotUniform HeNormal HeUniform Ones Orthogonal OrthogonalInitializer Zeros LecunNormal LecunUniform'
    .split(' ')
    .map(name => [name, name.replace('Lecun', 'LeCun').replace('OrthogonalInitializer', 'Orthogonal')]),
);

export function initializerIn(value: unknown): Saved {
  const name = nameOf(value) ?? 'Zeros';
  const known = Object.hasOwn(initializers, name) ? initializers[name] : undefined;
  return { class_name: known ?? 'Zeros', config: {} };
}

/** L1 and L2 are L1L2 in TensorFlow.js. */
export function regularizerIn(value: unknown, where: string): Saved | null {
  const name = nameOf(value);
  if (name === undefined) return null;
  const config = configOf(value);
  const factor = (key: string, fallback: number): number => numberIn(config, key, fallback, where);
  if (name === 'L2' || name === 'l2') return l1l2(0, factor('l2', 0.01));
  if (name === 'L1' || name === 'l1') return l1l2(factor('l1', 0.01), 0);
  if (name === 'L1L2' || name === 'l1_l2') return l1l2(factor('l1', 0), factor('l2', 0));
  if (name === 'OrthogonalRegularizer')
    return {
      class_name: name,
      config: { factor: factor('factor', 0.01), mode: own(config, 'mode') === 'columns' ? 'columns' : 'rows' },
    };
  return unknownClass('regularizer', where, name, ['L1', 'L2', 'L1L2', 'OrthogonalRegularizer']);
}

const l1l2 = (l1: number, l2: number): Saved => ({ class_name: 'L1L2', config: { l1, l2 } });

const constraintNames = ['MaxNorm', 'MinMaxNorm', 'NonNeg', 'UnitNorm'];

export function constraintIn(value: unknown, where: string): Saved | null {
  const name = nameOf(value);
  if (name === undefined) return null;
  const config = configOf(value);
  const number = (key: string, fallback: number): number => numberIn(config, key, fallback, where);
  const axis = axisIn(own(config, 'axis') ?? 0, where);
  if (name === 'NonNeg') return { class_name: name, config: {} };
  if (name === 'UnitNorm') return { class_name: name, config: { axis } };
  if (name === 'MaxNorm') return { class_name: name, config: { max_value: number('max_value', 2), axis } };
  if (name !== 'MinMaxNorm') return unknownClass('constraint', where, name, constraintNames);
  const numbers = { min_value: number('min_value', 0), max_value: number('max_value', 1), rate: number('rate', 1) };
  return { class_name: name, config: { ...numbers, axis } };
}

/** One axis, or several. */
function axisIn(value: unknown, where: string): number | readonly number[] {
  if (Number.isSafeInteger(value)) return Number(value);
  if (Array.isArray(value) && value.length <= 8 && value.every(Number.isSafeInteger)) return value.map(Number);
  return wrong(`${where}, axis`, 'an axis', value);
}
