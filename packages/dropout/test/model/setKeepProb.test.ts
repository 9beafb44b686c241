import { OptionError } from '@keepprob/core';
import { keepProbNoisesOf } from '@keepprob/core/layers';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { dropout, dropoutLSTM, gaussianNoise, keepProbs, setKeepProb } from '../../src/index.ts';
import { mlp, run } from '../support/nets.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('1 turns every dropout off; what it returns restores them', () => {
  const model = keepProbs(mlp(), { hidden1: 0.7, hidden2: 0.5 }, { input: 0.9 });
  const x = tf.ones([2, 4]);
  const restore = setKeepProb(model, 1);
  expect(run(model, x, true)).toEqual(run(model, x, false));
  restore();
  expect(run(model, x, true)).not.toEqual(run(model, x, false));
});

test('every dropout: stock layers, noise and recurrent cells too', () => {
  const model = tf.sequential({
    layers: [
      tf.layers.lstm({ units: 8, inputShape: [3, 4], dropout: 0.5, recurrentDropout: 0.5, name: 'lstm' }),
      tf.layers.dropout({ rate: 0.5, name: 'stock' }),
      tf.layers.gaussianDropout({ rate: 0.5 }),
      tf.layers.alphaDropout({ rate: 0.5 }),
      dropout({ keepProb: 0.5 }),
    ],
  });
  const x = tf.ones([2, 3, 4]);
  expect(run(model, x, true)).not.toEqual(run(model, x, false));
  const restore = setKeepProb(model, 1);
  expect(run(model, x, true)).toEqual(run(model, x, false));
  expect(run(model, x, true)).toEqual(run(model, x, false));
  restore();
  expect(model.layers[0]!.getConfig()).toMatchObject({ dropout: 0.5, recurrentDropout: 0.5 });
  expect(model.layers[1]!.getConfig()).toMatchObject({ rate: 0.5 });
  const restoreNamed = setKeepProb(model, { lstm: 0.9, stock: 0.25 });
  expect(model.layers[1]!.getConfig()).toMatchObject({ rate: 0.75 });
  restoreNamed();
  expect(run(model, x, true)).not.toEqual(run(model, x, false));
});

test('sets named ones; bad names and values change nothing', () => {
  const model = keepProbs(mlp(), { hidden1: 0.7, hidden2: 0.5 });
  const kept = () =>
    model.layers.filter(l => l.name.endsWith('_dropout')).map(l => (l as ReturnType<typeof dropout>).options.keepProb);
  setKeepProb(model, { hidden2_dropout: 0.25 });
  expect(kept()).toEqual([0.7, 0.25]);
  expect(() => setKeepProb(model, { hidden1_dropout: 0.5, nope: 1 })).toThrow(/nope/);
  expect(() => setKeepProb(model, 0)).toThrow(OptionError);
  expect(() => setKeepProb(model, 2 ** -17)).toThrow(OptionError);
  expect(() => setKeepProb(model, 2 ** -16)()).not.toThrow();
  expect(kept()).toEqual([0.7, 0.25]);
});

test('setKeepProb below 1 leaves noise that is added alone', () => {
  const noise = gaussianNoise({ stddev: 0.5, inputShape: [4] });
  const model = tf.sequential({ layers: [noise, dropout({ keepProb: 0.5, name: 'drop' })] });
  setKeepProb(model, 0.9);
  expect(noise.options.stddev).toBe(0.5);
  setKeepProb(model, { drop: 1 });
  expect(noise.options.stddev).toBe(0.5);
});

test('of input and state, a keepProb that is 1 stays 1', () => {
  const layer = dropoutLSTM({ units: 2, keepProb: 0.5, name: 'lstm', inputShape: [16, 3] });
  const model = tf.sequential({ layers: [layer] });
  const restore = setKeepProb(model, { lstm: 0.25 });
  expect(layer.options).toMatchObject({ keepProb: 0.25, recurrentKeepProb: 1 });
  restore();
  expect(layer.options).toMatchObject({ keepProb: 0.5, recurrentKeepProb: 1 });
});

test('of two layers of one name each is named by its path; the name alone is refused', () => {
  const inner = () => tf.sequential({ layers: [dropout({ keepProb: 0.5, name: 'drop', inputShape: [4] })] });
  const model = tf.sequential({ layers: [inner(), inner()] });
  const kept = () =>
    model.layers.map(l => (l as tf.Sequential).layers[0] as ReturnType<typeof dropout>).map(l => l.options.keepProb);
  expect(() => setKeepProb(model, { drop: 0.25 })).toThrow(OptionError);
  expect(() => setKeepProb(model, { drop: 0.25 })).toThrow(/0-Sequential\/0-KeepprobDropout, 1-Sequential\/0-/);
  expect(kept()).toEqual([0.5, 0.5]);
  const restore = setKeepProb(model, { '1-Sequential/0-KeepprobDropout': 0.25 });
  expect(kept()).toEqual([0.5, 0.25]);
  restore();
  setKeepProb(model, 0.75);
  expect(kept()).toEqual([0.75, 0.75]);
});

test('both directions of a Bidirectional layer are one layer', () => {
  const lstm = tf.layers.lstm({ units: 2, dropout: 0.5, name: 'lstm' });
  const model = tf.sequential({
    layers: [tf.layers.bidirectional({ layer: lstm as tf.RNN, mergeMode: 'concat', inputShape: [3, 4], name: 'both' })],
  });
  setKeepProb(model, { both: 0.75 });
  const set = keepProbNoisesOf(model).map(({ noise, path }) => [path, noise.value]);
  expect(set).toEqual([0, 1].map(() => ['0-Bidirectional', 0.25]));
});
