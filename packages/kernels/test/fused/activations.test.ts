/** Activations and their gradients as one kernel: against float64, and bit for bit what TF.js has where that is exact. */
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { install, uninstall } from '../../src/gradients.ts';
import { activation, normal } from '../support/activations.ts';
import { byOurs, onCpu, withEachBuild } from '../support/builds.ts';
import { curved, exactSecondDerivatives, expectClose, pointOf, secondDerivatives } from '../support/derivatives.ts';
import { expectSame, floats } from '../support/numbers.ts';

const [C, K] = [Math.sqrt(2 / Math.PI), 0.044715];
const tanhOf = (x: number): number => Math.tanh(C * (x + K * x ** 3));

/** y and dy / dx. */
const exact: Readonly<Record<string, readonly [(x: number) => number, (x: number) => number]>> = {
  gelu: [x => x * normal(x), x => normal(x) + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI)],
  gelu_new: [
    x => (x * (1 + tanhOf(x))) / 2,
    x => (1 + tanhOf(x) + x * (1 - tanhOf(x) ** 2) * C * (1 + 3 * K * x * x)) / 2,
  ],
};

const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1e-40, -1e-40, 3e38, -3e38];
/** Every remainder of a vector, numbers of every size. */
const inputs = (n: number): Float32Array => floats(n, n).map((v, i) => v * [0.01, 1, 4, 12][i % 4]!);

function answers(f: (x: tf.Tensor) => tf.Tensor, x: Float32Array, dy: Float32Array): Float32Array[] {
  return tf.tidy(() => {
    const at = tf.tensor1d(x);
    return [f(at), tf.grad(f)(at, tf.tensor1d(dy))].map(t => t.dataSync<'float32'>().slice());
  });
}

withEachBuild(stock => {
  beforeAll(async () => {
    await install({ optional: true });
  });
  afterAll(uninstall);

  test.each(Object.keys(exact))('%s: value and slope, for any number of numbers', name => {
    const [value, slope] = exact[name]!;
    for (const n of [1, 2, 3, 4, 5, 31, 500]) {
      const [x, dy] = [inputs(n), floats(n, 7)];
      const [y, dx] = byOurs(stock, () => answers(activation(name), x, dy));
      expectClose([y!], [Float64Array.from(x, value)], 4e-7);
      expectClose([dx!], [Float64Array.from(x, (v, i) => dy[i]! * slope(v))], 1e-6);
      // small ones are right in themselves, not beside large ones
      x.forEach((v, i) => {
        if (Math.abs(v) < 0.01) expect(Math.abs(y![i]! - value(v))).toBeLessThan(3e-7 * Math.abs(v));
      });
    }
  });

  test.each(Object.keys(exact))('%s: what is not finite, zeros, the smallest and the largest', name => {
    const x = Float32Array.from(special);
    const [y, dx] = answers(activation(name), x, new Float32Array(x.length).fill(1));
    expect([...y!.subarray(0, 2)]).toEqual([Number.NaN, Number.POSITIVE_INFINITY]);
    expect([...y!.subarray(3, 5)]).toEqual([0, -0]);
    expect([...dx!.subarray(3, 9)]).toEqual([0.5, 0.5, 0.5, 0.5, 1, 0]);
    expect(dx![0]).toBeNaN();
    expect([y![7], y![8] === 0]).toEqual([Math.fround(3e38), true]);
  });

  test.each(Object.keys(exact))('%s: the second derivative is that of its definition', name => {
    const [value] = exact[name]!;
    const op = {
      shapes: [[2, 3, 4]],
      f: (x?: tf.Tensor) => activation(name)(tf.mul(x!, 2)),
      exact: (x?: Float64Array) => x!.map(v => value(2 * v)),
    };
    const [bent, point] = [curved(op), pointOf(op, 3)];
    expectClose(secondDerivatives(bent, point), exactSecondDerivatives(bent, point), 5e-4);
  });

  test('relu: the gradient is to the bit that of cpu, whatever x and dy are', () => {
    const x = Float32Array.from([...special, ...special, ...inputs(38)]);
    const dy = Float32Array.from([...x.keys()], i => (i < special.length ? -1 : special[i % special.length]!));
    for (const n of [x.length, 1, 2, 3]) {
      const compute = (): Float32Array[] => answers(tf.relu, x.subarray(0, n), dy.subarray(0, n));
      const [ours, theirs] = [byOurs(stock, compute)[1]!, onCpu(compute)[1]!];
      expectSame(ours, theirs);
    }
  });
});
