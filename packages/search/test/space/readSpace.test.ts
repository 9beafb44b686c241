import { OptionError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { choice, float, int, keepProb, readSpace } from '../../src/index.ts';

const names = (config: unknown): string[] => readSpace(config).dimensions.map(({ name }) => name);

test('a dimension is called by its path; JSON and code give the same', () => {
  const config = {
    layers: [{ units: int(8, 24) }, { keepProb: keepProb(0.3, 1) }],
    l2: float(1e-6, 1e-2, { log: true, off: 0 }),
    'a.b': { c: float(0, 1, { step: 0.25 }) },
  };
  const { dimensions, at } = readSpace(JSON.parse(JSON.stringify(config)));
  expect(dimensions).toEqual(readSpace(config).dimensions);
  expect(dimensions).toEqual([
    { kind: 'int', name: 'layers[0].units', when: [], low: 8, high: 24, log: false, step: 1, off: undefined },
    { kind: 'keepProb', name: 'layers[1].keepProb', when: [], low: 0.3, high: 1, log: false, step: undefined, off: 1 },
    { kind: 'float', name: 'l2', when: [], low: 1e-6, high: 1e-2, log: true, step: undefined, off: 0 },
    { kind: 'float', name: '["a.b"].c', when: [], low: 0, high: 1, log: false, step: 0.25, off: undefined },
  ]);
  expect(at({ 'layers[0].units': 9, 'layers[1].keepProb': 0.5, l2: 1e-3, '["a.b"].c': 0.75 })).toEqual({
    layers: [{ units: 9 }, { keepProb: 0.5 }],
    l2: 1e-3,
    'a.b': { c: 0.75 },
  });
});

test('values of a choice hold further spaces, which exist only in their branch', () => {
  const strength = float(1e-6, 1e-2, { log: true });
  const { dimensions, at } = readSpace({
    regularizer: choice([{ plugin: 'l2', strength }, { plugin: 'l1', inner: choice(['a', strength]) }, null], {
      off: null,
    }),
  });
  expect(dimensions).toMatchObject([
    {
      name: 'regularizer',
      when: [],
      off: 2,
      labels: ['{"plugin":"l2","strength":"float"}', '{"plugin":"l1","inner":"choice"}', 'null'],
    },
    { name: 'regularizer[0].strength', when: [{ name: 'regularizer', branch: 0 }] },
    {
      name: 'regularizer[1].inner',
      when: [{ name: 'regularizer', branch: 1 }],
      labels: ['a', 'float'],
    },
    {
      name: 'regularizer[1].inner[1]',
      when: [
        { name: 'regularizer', branch: 1 },
        { name: 'regularizer[1].inner', branch: 1 },
      ],
    },
  ]);
  expect(at({ regularizer: 2 })).toEqual({ regularizer: null });
  expect(at({ regularizer: 0, 'regularizer[0].strength': 1e-3 })).toEqual({
    regularizer: { plugin: 'l2', strength: 1e-3 },
  });
  expect(() => at({ regularizer: 0 })).toThrow(/regularizer\[0\]\.strength/);
  expect(() => at({ regularizer: 3 })).toThrow(OptionError);
  expect(() => at({ regularizer: 0.5 })).toThrow(OptionError);
});

describe('share', () => {
  test('makes one dimension of several places', () => {
    const keep = keepProb(0.3, 1, { share: 'keep' });
    const { dimensions, at } = readSpace({ hidden1: keep, hidden2: { ...keep }, other: keepProb(0.3, 1) });
    expect(dimensions.map(({ name }) => name)).toEqual(['keep', 'other']);
    expect(at({ keep: 0.5, other: 1 })).toEqual({ hidden1: 0.5, hidden2: 0.5, other: 1 });
  });

  test('a shared choice shares what is in its values', () => {
    const regularizer = choice([null, { strength: float(0, 1) }], { share: 'regularizer' });
    const { dimensions, at } = readSpace({ a: regularizer, b: regularizer });
    expect(dimensions.map(({ name }) => name)).toEqual(['regularizer', 'regularizer[1].strength']);
    const value = { strength: 0.25 };
    expect(at({ regularizer: 1, 'regularizer[1].strength': 0.25 })).toEqual({ a: value, b: value });
  });

  test('a shared dimension exists wherever one of its places may', () => {
    const rate = float(0, 1, { share: 'rate' });
    const config = { a: choice([rate, 'none']), b: choice(['none', { rate }]) };
    expect(readSpace(config).dimensions[1]).toMatchObject({ name: 'rate', when: [] });
    const nested = choice([{ a: choice([rate, 1]), b: choice([1, rate]) }, null]);
    expect(readSpace({ nested }).dimensions.find(({ name }) => name === 'rate')?.when).toEqual([
      { name: 'nested', branch: 0 },
    ]);
  });

  test.each([
    [
      'bounds',
      { a: float(0, 1, { share: 's' }), b: float(0, 2, { share: 's' }) },
      /for a and b, but their spaces differ/,
    ],
    ['kinds', { a: float(1, 2, { share: 's' }), b: int(1, 2, { share: 's' }) }, /spaces differ/],
    ['values', { a: choice([1], { share: 's' }), b: choice([2], { share: 's' }) }, /spaces differ/],
    ['a path', { a: float(0, 1), b: float(0, 1, { share: 'a' }) }, /both called "a"/],
  ])('must agree: %s', (_, config, message) => expect(() => readSpace(config)).toThrow(message));
});

test('what has a class passes through as it is, and is not looked into', () => {
  const tensor = tf.tensor1d([1, 2]);
  const relu = (x: number) => Math.max(0, x);
  class Options {
    readonly inner = float(0, 1);
  }
  const options = new Options();
  const { dimensions, at } = readSpace({ tensor, relu, options, when: new Date(0), x: choice([relu, tensor]) });
  expect(dimensions.map(({ name }) => name)).toEqual(['x']);
  const config = at({ x: 0 });
  expect([
    config.tensor === tensor,
    config.relu === relu,
    Object.is(config.options, options),
    config.x === relu,
  ]).toEqual([true, true, true, true]);
  tensor.dispose();
});

test('each config is new, and own keys alone are read', () => {
  const config = JSON.parse('{"__proto__": {"x": {"space": "float", "low": 0, "high": 1}}, "list": [{"a": 1}]}');
  const { at, dimensions } = readSpace(config);
  expect(dimensions.map(({ name }) => name)).toEqual(['__proto__.x']);
  const made = at({ '__proto__.x': 0.5 });
  expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
  expect(JSON.stringify(made)).toBe('{"__proto__":{"x":0.5},"list":[{"a":1}]}');
  expect(at({ '__proto__.x': 0.5 }).list).not.toBe(made.list);
  const inherited = Object.create({ space: 'float', low: 0, high: 1 }) as object;
  expect(() => readSpace({ inherited })).toThrow(/no space/);
  expect(names(Object.assign(Object.create(null), { y: float(0, 1) }))).toEqual(['y']);
  const point = Object.create({ x: 0.5 }) as Record<string, number>;
  expect(() => readSpace({ x: float(0, 1) }).at(point)).toThrow(OptionError);
});

test('a config may be a space itself', () => {
  const { dimensions, at } = readSpace(choice([{ l2: float(0, 1) }, 'none']));
  expect(dimensions.map(({ name }) => name)).toEqual(['config', '[0].l2']);
  expect(at({ config: 0, '[0].l2': 0.5 })).toEqual({ l2: 0.5 });
});

const circular: { self?: unknown; x: unknown } = { x: float(0, 1) };
circular.self = { deep: [circular] };

test.each([
  ['no space', { a: 1 }, /no space/],
  ['not even a config', 5, /no space/],
  ['circular', circular, /self\.deep\[0\] contains itself/],
  [
    'unknown kind',
    { a: [{ space: 'flaot', low: 0, high: 1 }] },
    /a\[0\]: unknown space "flaot"\. Did you mean "float"/,
  ],
  ['unknown option', { a: { space: 'float', low: 0, hihg: 1 } }, /a: unknown option `hihg`. Did you mean `high`/],
  ['no values', { a: { space: 'choice', of: [] } }, /a: invalid value for option `of`/],
  ['a bound is missing', { a: { space: 'int', low: 0 } }, /a: option `high` is missing/],
  ['bounds out of order', { a: { space: 'float', low: 2, high: 1 } }, /expected low < high. Received: 2 and 1/],
  ['one value', { a: { space: 'float', low: 1, high: 1 } }, /write the number itself/],
  ['not finite', { a: { space: 'float', low: 0, high: Number.POSITIVE_INFINITY } }, /high/],
  ['log of 0', { a: { space: 'float', low: 0, high: 1, log: true } }, /needs low > 0.*off: 0/],
  ['log with steps', { a: { space: 'float', low: 1, high: 3, log: true, step: 1 } }, /not both/],
  ['a step that does not fit', { a: { space: 'float', low: 0, high: 1, step: 0.3 } }, /do not reach 1\. Use 0\.9/],
  ['a step that is too wide', { a: { space: 'int', low: 0, high: 3, step: 5 } }, /do not reach 3/],
  ['parts of whole numbers', { a: { space: 'int', low: 0.5, high: 3 } }, /an integer/],
  ['keepProb of 0', { a: { space: 'keepProb', low: 0, high: 1 } }, /low/],
  ['off that is no value', { a: { space: 'choice', of: [1, 2], off: 3 } }, /one of the values/],
])('typed error: %s', (_, config, message) => {
  expect(() => readSpace(config)).toThrow(OptionError);
  expect(() => readSpace(config)).toThrow(message);
});

test('steps that fit up to rounding are taken', () => {
  for (const [low, high, step] of [
    [0.1, 1, 0.1],
    [0, 0.3, 0.1],
    [-1, 1, 0.001],
  ] as const)
    expect(float(low, high, { step }).step).toBe(step);
});

test('law: at() of any JSON without spaces gives it back, beside one with', () => {
  fc.assert(
    fc.property(fc.jsonValue(), json => {
      fc.pre(!JSON.stringify(json).includes('"space"'));
      const { at } = readSpace({ json, x: float(0, 1) });
      expect(JSON.stringify(at({ x: 0.5 }))).toBe(JSON.stringify({ json, x: 0.5 }));
    }),
  );
});
