/** Values that nobody should give, some of which fight back. */
import * as tf from '@tensorflow/tfjs';

const circular: Record<string, unknown> = {};
circular.itself = circular;
const thrower = (): never => {
  throw new Error('do not look');
};

const values: Readonly<Record<string, unknown>> = {
  undefined,
  null: null,
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  'minus Infinity': Number.NEGATIVE_INFINITY,
  'minus one': -1,
  'minus zero': -0,
  zero: 0,
  half: 0.5,
  one: 1,
  large: 1e308,
  unsafe: 2 ** 53,
  tiny: 5e-324,
  empty: '',
  text: 'x',
  numeral: '1',
  proto: '__proto__',
  constructor: 'constructor',
  true: true,
  false: false,
  list: [],
  'list of NaN': [Number.NaN],
  'list of lists': [[[]]],
  'sparse list': Array(3),
  object: {},
  'without a prototype': Object.create(null),
  circular,
  'throwing getter': Object.defineProperty({}, 'x', { get: thrower, enumerable: true }),
  'throwing proxy': new Proxy({}, { get: thrower, has: thrower, ownKeys: thrower, getPrototypeOf: thrower }),
  'throwing toString': { toString: thrower, valueOf: thrower, toJSON: thrower },
  function: () => 1,
  'throwing function': thrower,
  symbol: Symbol('s'),
  bigint: 10n,
  date: new Date(0),
  'date that is none': new Date(Number.NaN),
  map: new Map([['a', 1]]),
  promise: Promise.resolve(1),
  'typed array': Float32Array.of(1),
  class: class {},
  'regular expression': /x/,
  schedule: { schedule: 'cosine', from: 1, to: 0, steps: 3 },
  'schedule that is none': { schedule: 'nothing' },
  'schedule of nonsense': { schedule: 'linear', from: 'a', to: {}, steps: -1 },
  every: { steps: 0 },
};

/** By name, so that a counterexample can be printed. */
export const hostile: ReadonlyMap<string, unknown> = new Map([
  ...Object.entries(values),
  ['tensor', tf.scalar(1)],
  ['layer', tf.layers.flatten()],
]);
