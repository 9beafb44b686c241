import type { dropout } from '@keepprob/dropout';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { reinitialised } from '../../src/diagnose/reinitialised.ts';
import { net } from '../support/nets.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('the same architecture anew: other weights, the same from the same seed, frozen ones kept', async () => {
  const model = net(tf.layers.batchNormalization({ name: 'norm' }));
  model.getLayer('first').trainable = false;
  const [one, again, other] = [
    await reinitialised(model, 1),
    await reinitialised(model, 1),
    await reinitialised(model, 2),
  ];
  const kernel = (m: tf.LayersModel, layer: number) => [...m.layers[layer]!.getWeights()[0]!.dataSync()];
  expect(one.layers.map(l => [l.name, l.getClassName()])).toEqual(model.layers.map(l => [l.name, l.getClassName()]));
  expect(kernel(one, 0)).toEqual(kernel(model, 0));
  expect(kernel(one, 3)).toEqual(kernel(again, 3));
  expect(kernel(one, 3)).not.toEqual(kernel(other, 3));
  expect(kernel(one, 3)).not.toEqual(kernel(model, 3));
  expect((one.layers[2] as ReturnType<typeof dropout>).options.keepProb).toBe(0.5);
});
