/** Activations as one operation: what stock gives, derivatives included, against differences in float64. */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { install } from '../../src/gradients.ts';
import { activation, normal } from '../support/activations.ts';
import { onCpuAndWasm } from '../support/backends.ts';
import {
  curved,
  exactGradients,
  exactSecondDerivatives,
  expectClose,
  gradients,
  pointOf,
  secondDerivatives,
} from '../support/derivatives.ts';
import { allCases } from '../support/numbers.ts';

const exact: Readonly<Record<string, (x: number) => number>> = {
  gelu: x => x * normal(x),
  gelu_new: x => (x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))) / 2,
  hardSigmoid: x => Math.min(1, Math.max(0, x / 5 + 0.5)),
};

onCpuAndWasm(() => {
  describe.each(Object.keys(exact))('%s', name => {
    const f = activation(name);
    const values = [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      0,
      -0,
      -2.5,
      2.5,
      3,
      -3,
      1,
      -1,
      0.3,
      9,
      -9,
    ];
    const answers = (): number[][] =>
      tf.tidy(() =>
        [f(tf.tensor1d(values)), tf.grad(f)(tf.tensor1d(values), tf.range(1, 1 + values.length))].map(t => [
          ...t.dataSync(),
        ]),
      );

    test('value and gradient of stock, also at the bounds and for what is not finite', async () => {
      const stock = answers();
      await install();
      const ours = answers();
      for (const [i, result] of ours.entries()) {
        for (const [j, value] of result.entries()) {
          // stock's own gradient is NaN or finite where the slope is a limit
          if (Number.isFinite(values[j]!)) expect(value, `at ${values[j]}`).toBeCloseTo(stock[i]![j]!, 5);
          else if (i === 0) expect(value).toBe(stock[i]![j]!);
        }
      }
      expect(ours[1]![0]).toBe(stock[1]![0]);
    });

    test('first and second derivatives, of differences in float64; no tensor is left', async () => {
      await install();
      const before = tf.memory().numTensors;
      const op = {
        shapes: [[2, 3, 4]],
        f: (x?: tf.Tensor) => f(tf.mul(x!, 2)),
        exact: (x?: Float64Array) => x!.map(v => exact[name]!(2 * v)),
      };
      for (let seed = 0; seed < (allCases ? 20 : 4); seed++) {
        const point = pointOf(op, seed);
        expectClose(gradients(op, point), exactGradients(op, point), 3e-5);
        const bent = curved(op);
        // a hard sigmoid is bent nowhere within these bounds
        expectClose(secondDerivatives(bent, point), exactSecondDerivatives(bent, point), 5e-4);
      }
      expect(tf.memory().numTensors).toBe(before);
    });
  });

  test('integers, and arguments of others, are answered as stock answers them', async () => {
    const x = tf.tensor1d([-3, 0, 1], 'int32');
    const answer = (name: string): unknown => tf.tidy(() => [...activation(name)(x).dataSync()]);
    const stock = Object.keys(exact).map(answer);
    await install();
    expect(Object.keys(exact).map(answer)).toEqual(stock);
    x.dispose();
  });
});
