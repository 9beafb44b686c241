/** In a page, bytes come in and a model comes out. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { exportTorch, readSafetensors } from '../../src/index.ts';
import { ConvertError, loadKeras } from '../../src/keras.ts';

const fixture = (name: string): Promise<Response> => fetch(new URL(`../fixtures/${name}`, import.meta.url));

test('a .keras file is loaded, predicts what numpy says, and goes out for PyTorch', async () => {
  const bytes = await (await fixture('model.keras')).arrayBuffer();
  const expected: { x: number[][]; y: number[][] } = await (await fixture('model.json')).json();
  const model = await loadKeras(bytes);
  const said = (model.predict(tf.tensor2d(expected.x)) as tf.Tensor).dataSync();
  expect([...said]).toEqual(expected.y.flat().map(value => expect.closeTo(value, 5)));
  const { script, weights } = await exportTorch(model);
  expect(script).toContain('nn.Linear(4, 8)');
  expect(readSafetensors(weights)['hidden.weight']?.shape).toEqual([8, 4]);
  await expect(loadKeras(bytes.slice(0, 900))).rejects.toBeInstanceOf(ConvertError);
});
