import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { params } from '../src/scenes/digits/params.ts';
import type { Picture } from '../src/scenes/digits/reports.ts';
import { watchThinning } from '../src/scenes/digits/thinning.ts';
import { regularizedTwin } from '../src/scenes/digits/twins.ts';
import { defaultsOf } from '../src/stage/params.ts';

beforeAll(() => tf.setBackend('cpu'));

/** What each dropout layer really gave out for the first row of every training batch. */
function record(model: tf.LayersModel, name: string): Float32Array[] {
  const rows: Float32Array[] = [];
  const layer = model.getLayer(name);
  const call = layer.call.bind(layer);
  layer.call = (inputs, kwargs) => {
    const output = call(inputs, kwargs) as tf.Tensor;
    if (kwargs.training) rows.push(tf.slice(output, [0, 0], [1, -1]).dataSync() as Float32Array);
    return output;
  };
  return rows;
}

test('the picture of a step shows the mask that the step used', async () => {
  const settings = { ...defaultsOf(params), keepProbInput: 0.5, keepProb1: 0.5, keepProb2: 0.5, seed: 3 };
  const { model, plugins } = regularizedTwin(settings.seed, () => settings);
  const pictures: Picture[] = [];
  const given = {
    input: record(model, 'input_dropout'),
    hidden1: record(model, 'hidden1_dropout'),
    hidden2: record(model, 'hidden2_dropout'),
  };
  const watch = watchThinning(
    model,
    () => settings,
    () => true,
    picture => pictures.push(picture),
  );
  await fit(
    model,
    {
      x: tf.randomUniform([20, 784], 0.1, 1, 'float32', 5),
      y: tf.oneHot(tf.range(0, 20, 1, 'int32').mod(10).toInt(), 10),
    },
    {
      loss: 'categoricalCrossentropy',
      optimizer: tf.train.adam(),
      epochs: 2,
      batchSize: 10,
      seed: 3,
      plugins: [...plugins, watch],
      progress: false,
    },
  );
  expect(pictures.map(({ step }) => step)).toEqual([0, 1, 2, 3]);
  for (const [i, picture] of pictures.entries()) {
    for (const { name, kept } of picture.layers) {
      const row = given[name as keyof typeof given][i]!;
      const alive = row.map(value => Number(value !== 0));
      // a unit that is kept may still be 0 behind a ReLU; one that is dropped must be
      expect(alive.every((a, unit) => a <= kept[unit]!)).toBe(true);
      expect(Math.abs(kept.reduce((a, b) => a + b) / kept.length - 0.5)).toBeLessThan(0.25);
    }
    // no pixel is 0 here, so the input shows its mask exactly, and each kept one is doubled
    const { kept } = picture.layers[0]!;
    for (const [p, value] of given.input[i]!.entries()) expect(value).toBeCloseTo(2 * kept[p]! * picture.digit[p]!, 5);
  }
});
