import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { describe, expect, test } from 'vitest';
import { checkOptions, type Moment, type Option, OptionError, option, valueAt } from '../../src/index.ts';
import { byEpoch, byStep, cosine, exponential, linear } from '../../src/schedules.ts';

interface Options {
  size: number;
  name?: string;
}
const specs = { size: option.number({ min: 1, max: 9, integer: true }), name: option.string({ fallback: 'x' }) };
const check = (given: unknown) => checkOptions<Options>('thing', specs, given);

describe('checkOptions', () => {
  test('fills in fallbacks and freezes', () => {
    expect(check({ size: 3 })).toEqual({ size: 3, name: 'x' });
    expect(Object.isFrozen(check({ size: 3 }))).toBe(true);
  });
  test.each<[unknown, RegExp]>([
    [{ size: 0 }, /`size`.*integer ≥ 1 and ≤ 9.*Received: 0/],
    [{ size: Number.NaN }, /Received: NaN/],
    [{ size: '3' }, /Received: "3"/],
    [{ size: 2.5 }, /Received: 2.5/],
    [{}, /`size` is missing/],
    [{ size: 3, nmae: 'y' }, /unknown option `nmae`. Did you mean `name`\? Known: size, name/],
    [{ size: 3, zzzzzzz: 1 }, /unknown option `zzzzzzz`. Known/],
    [7, /expected an object/],
    [null, /expected an object/],
  ])('%j is refused', (given, message) => {
    expect(() => check(given)).toThrow(OptionError);
    expect(() => check(given)).toThrow(message);
  });
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const failing = Object.defineProperty({}, 'size', {
    enumerable: true,
    get: () => {
      throw new Error('its own code ran');
    },
  });
  test.each<[string, unknown, string]>([
    ['a list', [3], 'Received: [3].'],
    ['a layer', layers.dense({ units: 2, name: 'hidden' }), 'Received: Dense "hidden".'],
    ['a tensor', tf.zeros([2]), 'Received: Tensor of shape [2].'],
    ['a getter that fails', failing, 'Received: {"size":a getter}.'],
    ['a revoked proxy', proxy, 'Received: a value that cannot be read.'],
    ['a revoked proxy as a value', { size: proxy }, 'option `size`. Expected an integer ≥ 1 and ≤ 9.'],
  ])('%s is refused', (_, given, message) => {
    expect(() => check(given)).toThrow(OptionError);
    expect(() => check(given)).toThrow(message);
  });
  test('a check that fails on a value refuses it', () => {
    const specs = { list: option.custom<number[]>('a list of numbers', v => (v as number[]).every(Number.isFinite)) };
    expect(() => checkOptions('thing', specs, { list: null })).toThrow('Expected a list of numbers. Received: null.');
  });
  test.each(['toString', 'constructor', 'valueOf', 'hasOwnProperty', '__proto__'])(
    '%s, which every object answers to, is unknown',
    word =>
      expect(() => check(JSON.parse(`{ "size": 3, "${word}": 5 }`))).toThrow(
        `thing: unknown option \`${word}\`. Known: size, name.`,
      ),
  );
});

describe('kinds of option', () => {
  const expected = (spec: Option<unknown>, value: unknown): string | undefined => {
    try {
      checkOptions('thing', { it: spec }, { it: value });
    } catch (error) {
      return (error as OptionError).expected;
    }
    return undefined;
  };
  test('orNull takes null besides, and is null where nothing else is a fallback', () => {
    const seconds = option.orNull(option.number({ above: 0 }));
    expect(expected(seconds, null)).toBeUndefined();
    expect(expected(seconds, 3)).toBeUndefined();
    expect(expected(seconds, 0)).toBe('a number > 0, or null');
    expect(checkOptions('thing', { seconds }, {})).toEqual({ seconds: null });
    const five = option.orNull(option.number({ fallback: 5 }));
    expect(checkOptions('thing', { five }, {})).toEqual({ five: 5 });
  });
  test('optional may be left out, and refuses what its inner option refuses', () => {
    const names = option.optional(option.string());
    expect(checkOptions('thing', { names }, {})).toEqual({ names: undefined });
    expect(expected(names, '')).toBe('a non-empty string');
    expect(expected(names, null)).toBe('a non-empty string');
  });
  const positive = option.number({ above: 0 });
  const signal = new AbortController().signal;
  test.each<[string, Option<unknown>, { takes: readonly unknown[]; refuses: readonly unknown[]; expected: string }]>([
    ['seed', option.seed(), { takes: [0, 7, null], refuses: [-1, 0.5, '0'], expected: 'an integer ≥ 0, or null' }],
    ['signal', option.signal(), { takes: [signal, null], refuses: [{}, true], expected: 'an AbortSignal, or null' }],
    [
      'optimizer',
      option.optimizer(),
      {
        takes: [tf.train.sgd(1)],
        refuses: ['sgd', {}, null, tf.train.sgd],
        expected: 'a tf.Optimizer such as tf.train.adam(1e-3)',
      },
    ],
    ['plugins', option.plugins(), { takes: [[]], refuses: [{}, null], expected: 'a list of training plugins' }],
    [
      'oneOf, of strings and booleans',
      option.oneOf(['lines', false]),
      { takes: ['lines', false], refuses: ['line', true, 0], expected: "one of 'lines', false" },
    ],
    ['oneOf, of one value', option.oneOf([false]), { takes: [false], refuses: [true, null], expected: 'false' }],
    [
      'someOf',
      option.someOf(['a', 'b']),
      {
        takes: [['a'], ['b', 'a']],
        refuses: [[], ['c'], ['a', 1], 'a'],
        expected: "a list of one or more of 'a', 'b'",
      },
    ],
    [
      'list',
      option.list(positive),
      { takes: [[], [1, 2]], refuses: [[0], 1, { 0: 1 }], expected: 'a list in which each item is a number > 0' },
    ],
    [
      'record',
      option.record(positive),
      {
        takes: [{}, { a: 1 }],
        refuses: [{ a: 0 }, [1], null],
        expected: 'an object in which each value is a number > 0',
      },
    ],
    [
      'either',
      option.either(positive, option.oneOf([false])),
      { takes: [1, false], refuses: [0, true], expected: 'a number > 0, or false' },
    ],
  ])('%s', (_, spec, { takes, refuses, expected: words }) => {
    expect(takes.map(value => expected(spec, value))).toEqual(takes.map(() => undefined));
    expect(refuses.map(value => expected(spec, value))).toEqual(refuses.map(() => words));
  });
});

describe('schedules', () => {
  const at = (step: number, epoch = 0): Moment => ({ step, epoch }) as Moment;
  test('linear and cosine go from `from` to `to` and stay', () => {
    const line = linear({ from: 1, to: 0, steps: 10 });
    expect([0, 5, 10, 20].map(s => valueAt(line, at(s)))).toEqual([1, 0.5, 0, 0]);
    const wave = cosine({ from: 1, to: 0, steps: 10 });
    expect(valueAt(wave, at(0))).toBe(1);
    expect(valueAt(wave, at(5))).toBeCloseTo(0.5, 12);
    expect(valueAt(wave, at(2.5))).toBeCloseTo((1 + Math.SQRT1_2) / 2, 12);
    expect(valueAt(wave, at(99))).toBe(0);
  });
  test('byEpoch and byStep hold their last value', () => {
    expect([0, 1, 2, 9].map(e => valueAt(byEpoch([3, 2, 1]), at(0, e)))).toEqual([3, 2, 1, 1]);
    expect([0, 9, 10, 99].map(s => valueAt(byStep({ 0: 0.1, 10: 0.01 }), at(s)))).toEqual([0.1, 0.1, 0.01, 0.01]);
  });
  test('exponential: each update leaves the same part of the way', () => {
    const curve = exponential({ from: 1, to: 0.5, decayRate: Math.LN2 }); // half of what is left goes at each update
    for (const [step, value] of [1, 0.75, 0.625, 0.5625].entries())
      expect(valueAt(curve, at(step))).toBeCloseTo(value, 12);
    expect(valueAt(curve, at(1e6))).toBe(0.5);
  });
  test('schedules are JSON', () => {
    for (const s of [
      linear({ from: 1, to: 0, steps: 3 }),
      exponential({ from: 1, to: 0, decayRate: 0.1 }),
      byEpoch([1, 2]),
      byStep({ 0: 1, 5: 2 }),
    ]) {
      expect(valueAt(JSON.parse(JSON.stringify(s)), at(5, 1))).toBe(valueAt(s, at(5, 1)));
    }
  });
  test('every value of a schedule must be in the option’s range', () => {
    const spec = { keepProb: option.schedule({ above: 0, max: 1 }) };
    expect(() => checkOptions('d', spec, { keepProb: linear({ from: 1, to: 0, steps: 3 }) })).toThrow(OptionError);
    expect(() => checkOptions('d', spec, { keepProb: () => 1 })).toThrow(OptionError);
  });
  test.each([
    () => linear({ from: 1, to: 0, steps: 0 }),
    () => cosine({ from: Number.NaN, to: 0, steps: 3 }),
    () => exponential({ from: 1, to: 0, decayRate: 0 }),
    () => exponential({ from: 1, to: Infinity, decayRate: 1 }),
    () => byEpoch([]),
    () => byStep({ 3: 1 }),
  ])('bad schedule %#', bad => expect(bad).toThrow(OptionError));
});
