import { OptionError } from '@keepprob/core';
import type { LayersModel } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import * as messages from '../config/messages.ts';
import { type Floats, floats, sizeOf } from '../data/arrays.ts';

/** Rows per forward pass. */
const BATCH = 1024;

/** The predictions of a model: [rows, outputs]. @throws OptionError for a model with several outputs */
export async function predictionsOf(model: LayersModel, { data, shape }: Floats): Promise<Floats> {
  const [rows = 0, ...row] = shape;
  const n = sizeOf(row);
  const units = sizeOf((model.outputs[0]?.shape ?? []).slice(1).map(size => size ?? 1));
  if (model.outputs.length > 1) throw new OptionError(messages.severalOutputs());
  const said = floats('predictions', rows * units);
  for (let first = 0; first < rows; first += BATCH) {
    const count = Math.min(BATCH, rows - first);
    const output = tf.tidy(() => {
      const batch = tf.tensor(data.subarray(first * n, (first + count) * n), [count, ...row]);
      return [model.predict(batch, { batchSize: count })].flat();
    });
    for (const tensor of output) said.set(await tensor.data(), first * units);
    tf.dispose(output);
  }
  return { data: said, shape: [rows, units] };
}
