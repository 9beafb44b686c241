/** Functions of each element against float64, and of two tensors bit for bit as on cpu: every remainder of a vector, and what is no number. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byOurs, onCpu, withEachBuild } from '../support/builds.ts';
import { expectSame, floats, integers, runs, sizeOf } from '../support/numbers.ts';

const [INF, NAN] = [Number.POSITIVE_INFINITY, Number.NaN];
/** Denormal, the largest, around the bounds of eˣ. */
const special = [
  NAN,
  INF,
  -INF,
  0,
  -0,
  1e-40,
  -1e-40,
  1.1754944e-38,
  3.4e38,
  -3.4e38,
  88.7,
  88.8,
  -87.4,
  -103,
  -104.5,
  1,
];
/** Numbers of every size, of both signs. */
const numbers = (n: number, seed: number): Float32Array =>
  floats(n, seed).map((v, i) => v * [1e-30, 1e-4, 0.3, 1, 5, 80, 1e9][i % 7]!);
const lengths = [0, 1, 2, 3, 4, 5, 15, 16, 17, 33];

/** erf by its series, or 1 where it is that to float32. */
function erf(x: number): number {
  if (x === 0 || Math.abs(x) > 5 || Number.isNaN(x)) return Math.sign(x);
  let [sum, term] = [x, x];
  for (let n = 1; n < 200; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/** By how much it may be off, relative to the value and at least. */
const unary: readonly [string, (x: tf.Tensor) => tf.Tensor, (x: number) => number, number, number][] = [
  ['exp', tf.exp, Math.exp, 3e-7, 1.5e-45],
  ['log', tf.log, Math.log, 3e-7, 1e-7],
  ['tanh', tf.tanh, Math.tanh, 3e-7, 1.5e-45],
  ['erf', tf.erf, erf, 4e-7, 1e-43],
  ['sign', tf.sign, x => (x > 0 ? 1 : x < 0 ? -1 : 0), 0, 0],
  ['softplus', tf.softplus, x => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), 3e-7, 1.5e-45],
];
const binary: readonly [string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor][] = [
  ...[tf.maximum, tf.minimum].map((f, i): [string, typeof f] => [['maximum', 'minimum'][i]!, f]),
  ['add', tf.add],
  ['sub', tf.sub],
  ['mul', tf.mul],
  ['div', tf.div],
  ['greater', tf.greater],
  ['greaterEqual', tf.greaterEqual],
  ['less', tf.less],
  ['lessEqual', tf.lessEqual],
  ['equal', tf.equal],
  ['notEqual', tf.notEqual],
];
const read = (f: () => tf.Tensor): number[] => tf.tidy(() => [...f().dataSync()]);

withEachBuild(stock => {
  test.each(unary)('%s is that of float64', (_, f, exact, relative, least) => {
    const x = Float32Array.from([...special, ...numbers(400, 3)]);
    for (const given of [x, ...lengths.map(n => x.subarray(x.length - n))]) {
      const y = byOurs(stock, () => read(() => f(tf.tensor1d(given))));
      for (const [i, v] of given.entries()) {
        const expected = Math.fround(exact(v));
        if (Number.isFinite(expected) && expected !== 0) {
          expect(Math.abs(y[i]! - expected), `${v}`).toBeLessThanOrEqual(relative * Math.abs(expected) + least);
        } else expect(y[i], `${v}`).toBe(expected);
      }
    }
  });

  test.each(binary)('%s is that of cpu to the bit, whatever is repeated of one of both', (_, f) => {
    const pairs = special.flatMap(a => special.map(b => [a, b] as const));
    const [a, b] = [0, 1].map(i => Float32Array.from([...pairs.map(pair => pair[i]!), ...integers(37, i, -2, 2)]));
    const of = (x: Float32Array, shape = [x.length]): tf.Tensor => tf.tensor(x, shape);
    const cases: (() => tf.Tensor)[] = [
      () => f(of(a!), of(b!)),
      ...lengths.map(n => () => f(of(a!.subarray(0, n)), of(b!.subarray(0, n)))),
      ...[1, NAN, 0].flatMap(v => [() => f(of(a!), tf.scalar(v)), () => f(tf.scalar(v), of(b!))]),
      () => f(of(a!.slice(0, 30), [2, 3, 5]), of(b!.slice(0, 30), [2, 3, 5])),
      () => f(tf.scalar(2), tf.scalar(3)),
    ];
    for (const compute of cases)
      expectSame(
        byOurs(stock, () => read(compute)),
        onCpu(() => read(compute)),
      );
    const dtypeOf = (): string => tf.tidy(() => f(of(a!), of(b!)).dtype);
    expect(dtypeOf()).toBe(onCpu(dtypeOf));
  });

  test.each(binary)('%s of any two shapes that go together', (_, f) => {
    // of each axis: both go on, one of them is repeated, or there is nothing; and how many axes one of both lacks
    const axis = fc.tuple(fc.constantFrom('both', 'a', 'b'), fc.constantFrom(0, 1, 2, 3, 4, 5, 9));
    fc.assert(
      fc.property(fc.array(axis, { maxLength: 6 }), fc.nat(2), fc.nat(9999), (axes, lacking, seed) => {
        const shapeOf = (of: 'a' | 'b'): number[] =>
          axes.map(([goes, size]) => (goes === 'both' || goes === of ? size : 1));
        const lead = shapeOf('b').findIndex(size => size !== 1);
        const [a, b] = [shapeOf('a'), shapeOf('b').slice(Math.min(lacking, lead < 0 ? axes.length : lead))];
        const compute = (): number[] =>
          read(() =>
            f(tf.tensor(integers(sizeOf(a), seed, -2, 2), a), tf.tensor(integers(sizeOf(b), seed + 1, -2, 2), b)),
          );
        expectSame(byOurs(stock, compute), onCpu(compute));
      }),
      runs(200),
    );
  });

  test('elu: its gradient is that of cpu', () => {
    const gradient = (): Float32Array =>
      tf.tidy(() => {
        const x = tf.tensor1d(numbers(37, 4));
        const dy = tf.tensor1d(numbers(37, 5));
        return tf
          .grad(x => tf.sum(tf.mul(tf.elu(x), dy)))(x)
          .dataSync<'float32'>()
          .slice();
      });
    const ours = byOurs(stock, gradient);
    tf.setBackend('cpu');
    const expected = gradient();
    tf.setBackend('wasm');
    for (const [i, v] of ours.entries())
      expect(Math.abs(v - expected[i]!)).toBeLessThanOrEqual(3e-7 * Math.abs(expected[i]!));
  });

  test('shapes that do not go together are refused in the words of TF.js', () => {
    const [a, b] = [tf.ones([2, 3]), tf.ones([2])];
    for (const f of [tf.minimum, tf.maximum, tf.greater]) expect(() => f(a, b)).toThrow(/could not be broadcast/);
    tf.dispose([a, b]);
  });

  describe('conditions', () => {
    const bools = (n: number, seed: number): tf.Tensor => tf.tensor1d([...integers(n, seed, 0, 1)], 'bool');
    test('where and logicalAnd', () => {
      for (const n of lengths) {
        const where = (): tf.Tensor => tf.where(bools(n, 1), tf.tensor1d(numbers(n, 2)), tf.tensor1d(numbers(n, 3)));
        const and = (): tf.Tensor => tf.logicalAnd(bools(n, 1), bools(n, 4));
        for (const f of [where, and])
          expectSame(
            byOurs(stock, () => read(f)),
            onCpu(() => read(f)),
          );
      }
      const other = (): tf.Tensor => tf.logicalAnd(tf.tensor1d(new Uint8Array([2, 1, 0]), 'bool'), bools(3, 5));
      expectSame(
        read(other),
        onCpu(() => read(other)),
      );
    });

    test('what is not chosen does nothing, whatever it is', () => {
      const f = (): tf.Tensor => tf.where(tf.tensor1d([1, 0, 1, 0, 1], 'bool'), tf.ones([5]), tf.fill([5], NAN));
      expect(read(f)).toEqual([1, NAN, 1, NAN, 1]);
    });
  });

  test('integers, and conditions that are broadcast, are answered by stock', () => {
    stock.clear();
    const [row, column] = [tf.ones([1, 3]), tf.ones([2, 1])];
    const cases = [
      () => tf.maximum(row, column),
      () => tf.greater(row.toInt(), column.toInt()),
      () => tf.where(column.equal(1), row, column),
    ];
    expect(cases.map(read)).toEqual([new Array(6).fill(1), new Array(6).fill(0), new Array(6).fill(1)]);
    expect(stock.calls()).toEqual(expect.arrayContaining([tf.Greater]));
    tf.dispose([row, column]);
  });
});
