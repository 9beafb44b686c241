import { weightsOf } from '@keepprob/core';
import { register as registerL2, weightNorm } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropConnect, register } from '../../src/index.ts';

const classes = tf.serialization.SerializationMap.getMap().classNameMap;
const before = { ...classes };
beforeAll(async () => {
  await tf.setBackend('cpu');
  register();
});
// test files share the classes that TF.js knows
afterAll(() => {
  Object.assign(classes, before);
});

describe('wrapped recurrent layers of TF.js, loaded as ours', () => {
  const stock = { LSTM: tf.layers.lstm, GRU: tf.layers.gru, SimpleRNN: tf.layers.simpleRNN };
  const wrappers = {
    weightNorm,
    dropConnect: (layer: tf.layers.Layer) => dropConnect(layer, { keepProb: 0.5, seed: 1 }),
    alone: (layer: tf.layers.Layer) => layer,
  };
  const cases = Object.keys(stock).flatMap(name =>
    Object.keys(wrappers).flatMap(wrapper => [true, false].map(both => [wrapper, name, both] as const)),
  );

  test.each(cases)('%s of %s, in both directions: %s', async (wrapper, name, both) => {
    registerL2();
    const layer = stock[name as keyof typeof stock]({ units: 3, name: 'inner' });
    const inner = both ? tf.layers.bidirectional({ layer: layer as tf.RNN, mergeMode: 'concat' }) : layer;
    const x = tf.input({ shape: [4, 2] });
    const y = wrappers[wrapper as keyof typeof wrappers](inner).apply(x) as tf.SymbolicTensor;
    const model = tf.model({ inputs: x, outputs: y });
    for (const w of model.weights) w.write(tf.randomUniform(w.shape as number[], -1, 1, 'float32', 3));
    let saved: tf.io.ModelArtifacts = {};
    await model.save(
      tf.io.withSaveHandler(async artifacts => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
      }),
    );
    register({ override: [name as keyof typeof stock] });
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved));
    const given = tf.randomNormal([2, 4, 2], 0, 1, 'float32', 5);
    const say = (m: tf.LayersModel) => [...(m.predict(given) as tf.Tensor).dataSync()];
    expect(say(loaded)).toEqual(say(model));
    expect(weightsOf(loaded).map(({ path }) => path)).toEqual(weightsOf(model).map(({ path }) => path));
  });
});
