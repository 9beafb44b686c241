/** Values that nobody should give, some of which fight back. Each is made anew where it is used. */
import * as tf from '@tensorflow/tfjs';

/** What a hostile value throws when it is looked at or called. */
export class Hostile extends Error {}

const thrower = (): never => {
  throw new Hostile('do not look');
};
const circular = (): unknown => {
  const value: Record<string, unknown> = {};
  value.itself = value;
  return value;
};
const disposed = <T extends { dispose(): unknown }>(value: T): T => {
  value.dispose();
  return value;
};
const net = (): tf.LayersModel => tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] })] });

const numbers: Readonly<Record<string, () => unknown>> = {
  NaN: () => Number.NaN,
  Infinity: () => Number.POSITIVE_INFINITY,
  'minus Infinity': () => Number.NEGATIVE_INFINITY,
  'minus one': () => -1,
  'minus zero': () => -0,
  zero: () => 0,
  half: () => 0.5,
  one: () => 1,
  large: () => 1e308,
  unsafe: () => 2 ** 53,
  tiny: () => 5e-324,
  bigint: () => 10n,
};

const texts: Readonly<Record<string, () => unknown>> = {
  empty: () => '',
  text: () => 'x',
  numeral: () => '1',
  proto: () => '__proto__',
  constructor: () => 'constructor',
};

const objects: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  false: () => false,
  list: () => [],
  'list of NaN': () => [Number.NaN],
  'list of lists': () => [[[]]],
  'list of null': () => [null],
  'list of texts': () => ['a', 'b'],
  'lists of other lengths': () => [[1, 2], [3]],
  'sparse list': () => Array(3),
  object: () => ({}),
  'without a prototype': () => Object.create(null),
  circular,
  'named like parts of every object': () => ({ constructor: 1, toString: 2 }),
  'throwing getter': () => Object.defineProperty({}, 'x', { get: thrower, enumerable: true }),
  'throwing proxy': () => new Proxy({}, { get: thrower, has: thrower, ownKeys: thrower, getPrototypeOf: thrower }),
  'throwing toString': () => ({ toString: thrower, valueOf: thrower, toJSON: thrower }),
  function: () => () => 1,
  'throwing function': () => thrower,
  symbol: () => Symbol('s'),
  date: () => new Date(0),
  'date that is none': () => new Date(Number.NaN),
  map: () => new Map([['a', 1]]),
  promise: () => Promise.resolve(1),
  error: () => new Error('x'),
  'typed array': () => Float32Array.of(1),
  class: () => class {},
  'regular expression': () => /x/,
  'data without numbers': () => ({ data: null, shape: null }),
  'data of another shape': () => ({ data: new Float32Array(2), shape: [3, 2] }),
  schedule: () => ({ schedule: 'cosine', from: 1, to: 0, steps: 3 }),
  'schedule that is none': () => ({ schedule: 'nothing' }),
  'schedule of nonsense': () => ({ schedule: 'linear', from: 'a', to: {}, steps: -1 }),
  every: () => ({ steps: 0 }),
};

const ofTensorFlow: Readonly<Record<string, () => unknown>> = {
  tensor: () => tf.scalar(1),
  'disposed tensor': () => disposed(tf.zeros([8, 2])),
  'tensor of rank 3': () => tf.ones([8, 2, 1]),
  'tensor without rows': () => tf.zeros([0, 2]),
  'tensor of other rows': () => tf.ones([7, 2]),
  'tensor of NaN': () => tf.fill([8, 2], Number.NaN),
  'tensor of strings': () => tf.fill([8, 2], 'a'),
  'tensor of complex numbers': () => tf.complex(tf.ones([8, 2]), tf.ones([8, 2])),
  'two tensors': () => [tf.ones([8, 2]), tf.ones([8, 2])],
  'tensor of no such name': () => ({ nothing: tf.ones([8, 2]) }),
  'tensor named like a part of every object': () => ({ constructor: tf.ones([8, 2]) }),
  layer: () => tf.layers.flatten(),
  'graph model': () => new tf.GraphModel('nowhere'),
  'disposed model': () => disposed(net()),
  'model without layers': () => tf.sequential(),
};

/** By name, so that a counterexample can be printed. */
export const hostile: ReadonlyMap<string, () => unknown> = new Map(
  [numbers, texts, objects, ofTensorFlow].flatMap(values => Object.entries(values)),
);
