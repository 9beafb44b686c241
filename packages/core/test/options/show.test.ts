/** Messages show any value: never failing on it, never long, running none of its code. */
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { show } from '../../src/options/show.ts';

beforeAll(() => tf.setBackend('cpu'));

const circular: unknown[] = [1];
circular.push({ inner: circular });
const deep = Array.from({ length: 100_000 }).reduce<unknown>(inner => [inner], 0);
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();
const fails = (): never => {
  throw new Error('its own code ran');
};
const refusing = new Proxy({}, { ownKeys: fails, getPrototypeOf: fails, getOwnPropertyDescriptor: fails, get: fails });
const model = (): tf.Sequential =>
  tf.sequential({ name: 'net', layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });

describe('show', () => {
  test.each<[string, unknown, string]>([
    ['a string', 'a "b"', '"a \\"b\\""'],
    ['a long string', 'x'.repeat(1e6), `"${'x'.repeat(119)}…"`],
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    ['NaN', Number.NaN, 'NaN'],
    ['a bigint', 12n, '12n'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
    ['a function', function twice() {}, 'a function twice'],
    [
      'a function without a name',
      (
        () => () =>
          1
      )(),
      'a function',
    ],
    ['an array', [1, 'a', [2]], '[1, "a", [2]]'],
    ['an object', { a: 1, b: [1n, 'x'] }, '{"a":1,"b":[1n, "x"]}'],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
    ['a getter', Object.defineProperty({}, 'a', { get: fails, enumerable: true }), '{"a":a getter}'],
    ['code of its own', { toJSON: fails, toString: fails }, '{"toJSON":a function fails,"toString":a function fails}'],
    ['a circle', circular, '[1, {"inner":(circular)}]'],
    ['typed numbers', Float32Array.of(1, 0.5), 'Float32Array [1, 0.5]'],
    ['an error', new RangeError('too far'), 'RangeError "too far"'],
    ['a class', new (class Mine {})(), 'Mine'],
    ['a map', new Map([[1, 2]]), 'Map'],
    ['a revoked proxy', revoked, 'a value that cannot be read'],
    ['a proxy that refuses', refusing, 'a value that cannot be read'],
    ['a list that holds one', [1, refusing], '[1, a value that cannot be read]'],
    ['a layer', tf.layers.dense({ units: 2, name: 'hidden' }), 'Dense "hidden"'],
    ['an optimizer', tf.train.sgd(1), 'SGDOptimizer'],
  ])('%s', (_, value, shown) => expect(show(value)).toBe(shown));

  test('models, tensors and variables', () => {
    expect(show(model())).toBe('Sequential "net"');
    expect(show(tf.zeros([2, 3]))).toBe('Tensor of shape [2, 3]');
    expect(show(tf.variable(tf.zeros([4]), true, 'v'))).toBe('Variable "v" of shape [4]');
    expect(show({ model: model() })).toBe('{"model":Sequential "net"}');
  });

  test('of any value, and of a list of it, a short text comes back', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSparseArray: true,
      withTypedArray: true,
      maxDepth: 5,
    });
    fc.assert(
      fc.property(anything, value => {
        for (const text of [show(value), show([value, value])]) {
          expect(text).not.toBe('');
          expect(text.length).toBeLessThan(1000);
        }
      }),
    );
  });

  test('work is bounded by what is written', () => {
    let reads = 0;
    const long = new Proxy(new Array(1e9), {
      get(target, key, receiver) {
        reads++;
        return Reflect.get(target, key, receiver);
      },
    });
    expect(show(long)).toMatch(/^\[undefined, .*…\]$/);
    expect(reads).toBeLessThan(200);
    expect(show(deep)).toMatch(/^\[+…\]+$/);
    expect(show(new Float32Array(1e7))).toMatch(/^Float32Array \[0, 0, .*…\]$/);
  });
});
