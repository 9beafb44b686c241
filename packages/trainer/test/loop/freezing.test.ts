/** Layers frozen and thawed between calls of fit that share one Adam. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { fit } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const RATE = 0.01;
const adam = () => tf.train.adam(RATE, 0.9, 0.999, 1e-8);
/** Two nets side by side: no gradient of one depends on the other. */
const sideBySide = () => {
  const input = tf.input({ shape: [2] });
  const layers = [1, 2].map(seed =>
    tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotUniform({ seed }) }),
  );
  const outputs = layers.map(layer => layer.apply(input) as tf.SymbolicTensor);
  return { model: tf.model({ inputs: input, outputs }), first: layers[0]!, second: layers[1]! };
};
const numbers = (layer: tf.layers.Layer): number[] => layer.getWeights().flatMap(w => [...w.dataSync()]);

test('a frozen layer does not move by a bit; the others move as if it were not frozen', async () => {
  const x = Array.from({ length: 8 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
  const y = x.map(([a, b]) => [a! - 2 * b!]);
  const trained = async (freezing: boolean) => {
    const { model, first, second } = sideBySide();
    const optimizer = adam();
    const frozen: number[][] = [];
    for (const [epochs, freeze] of [
      [3, false],
      [4, freezing],
      [2, false],
    ] as const) {
      first.trainable = !freeze;
      const ys = model.outputs.map(() => tf.tensor2d(y));
      await fit(
        model,
        { x, y: ys },
        { loss: 'meanSquaredError', optimizer, epochs, batchSize: 4, shuffle: false, progress: false },
      );
      frozen.push(numbers(first));
    }
    return { frozen, other: numbers(second) };
  };
  const [never, once] = [await trained(false), await trained(true)];
  expect(once.frozen[1]).toEqual(once.frozen[0]);
  expect(never.frozen[1]).not.toEqual(never.frozen[0]);
  expect(once.other).toEqual(never.other);
});

test('a thawed layer goes on from its own slots, by hand', async () => {
  // J = mean(ŷ₁) + 3 mean(ŷ₂) on x = (1, 1): all gradients of the first layer are 1, of the second 3
  const { model, first } = sideBySide();
  const optimizer = adam();
  const loss = [(_: tf.Tensor, p: tf.Tensor) => tf.mul(p, 1), (_: tf.Tensor, p: tf.Tensor) => tf.mul(p, 3)];
  const step = async (epochs: number, frozen: boolean): Promise<number> => {
    first.trainable = !frozen;
    const before = numbers(first);
    const y = model.outputs.map(() => tf.zeros([1, 1]));
    await fit(model, { x: [[1, 1]], y }, { loss, optimizer, epochs, progress: false });
    const moved = numbers(first).map((w, i) => before[i]! - w);
    for (const distance of moved) expect(distance).toBeCloseTo(moved[0]!, 6);
    return moved[0]!;
  };
  // m = 1 − 0.9ᵗ and v = 1 − 0.999ᵗ after t updates of a gradient of 1: each step is the rate
  expect(await step(2, false)).toBeCloseTo(2 * RATE, 6);
  expect(await step(5, true)).toBe(0);
  // the third update of its slots, the eighth of the optimizer, whose bias correction TF.js counts for all variables together
  const corrected = (decay: number) => (1 - decay ** 3) / (1 - decay ** 8);
  expect(await step(1, false)).toBeCloseTo((RATE * corrected(0.9)) / Math.sqrt(corrected(0.999)), 6);
});
