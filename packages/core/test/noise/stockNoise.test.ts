/** What is said of TF.js' layers is what they do. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  isIdentityAtInference,
  keepProbAt,
  noiseOf,
  noisesOf,
  setKeepProbOf,
  turnOff,
  unlikeDropout,
} from '../../src/layers.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const { layers } = tf;
const ones = { kernelInitializer: 'ones', recurrentInitializer: 'ones', activation: 'linear' } as const;
const recurrent = { units: 2, dropout: 0.5, recurrentDropout: 0.25, ...ones } as const;
type Dim = [number, ...number[]];

/** A layer, the shape of its input, and its strengths. */
const stock: Record<string, [make: () => tf.layers.Layer, shape: Dim, strengths: Record<string, number>]> = {
  dropout: [() => layers.dropout({ rate: 0.5 }), [6], { rate: 0.5 }],
  spatialDropout1d: [() => layers.spatialDropout1d({ rate: 0.5 }), [3, 4], { rate: 0.5 }],
  gaussianDropout: [() => layers.gaussianDropout({ rate: 0.5 }), [6], { rate: 0.5 }],
  alphaDropout: [() => layers.alphaDropout({ rate: 0.5 }), [6], { rate: 0.5 }],
  gaussianNoise: [() => layers.gaussianNoise({ stddev: 2 }), [6], { stddev: 2 }],
  simpleRNN: [() => layers.simpleRNN(recurrent), [3, 4], { dropout: 0.5, recurrentDropout: 0.25 }],
  gru: [() => layers.gru(recurrent), [3, 4], { dropout: 0.5, recurrentDropout: 0.25 }],
  lstm: [() => layers.lstm(recurrent), [3, 4], { dropout: 0.5, recurrentDropout: 0.25 }],
  convLstm2d: [
    () => layers.convLstm2d({ filters: 2, kernelSize: 1, dropout: 0.5, recurrentDropout: 0.25, ...ones }),
    [3, 4, 4, 2],
    { dropout: 0.5, recurrentDropout: 0.25 },
  ],
};

const modelOf = (layer: tf.layers.Layer, shape: Dim): tf.LayersModel => {
  const input = tf.input({ shape });
  return tf.model({ inputs: input, outputs: layer.apply(input) as tf.SymbolicTensor });
};
const say = (model: tf.LayersModel, x: tf.Tensor, training: boolean): string =>
  [...(model.apply(x, { training }) as tf.Tensor).dataSync()].join();

describe.each(Object.entries(stock))('%s', (_, [make, shape, strengths]) => {
  test('its strengths are known, and off when they are turned off', () => {
    const layer = make();
    const model = modelOf(layer, shape);
    const x = tf.ones([3, ...shape]);
    expect(Object.fromEntries(noisesOf(model).map(({ noise }) => [noise.option, noise.value]))).toEqual(strengths);
    expect(noisesOf(model).every(({ name }) => name === layer.name)).toBe(true);
    const quiet = say(model, x, false);
    const differs = () => Array.from({ length: 20 }, () => say(model, x, true)).some(y => y !== quiet);
    expect(differs()).toBe(true);
    const restores = noisesOf(model).map(({ noise }) => turnOff(noise));
    expect(differs()).toBe(false);
    expect(noisesOf(model).some(({ noise }) => noise.isOn)).toBe(false);
    for (const restore of restores.reverse()) restore();
    expect(Object.fromEntries(noisesOf(model).map(({ noise }) => [noise.option, noise.value]))).toEqual(strengths);
    expect(differs()).toBe(true);
  });
});

test('the shape of a mask is the one that is drawn', () => {
  const columns = layers.dropout({ rate: 0.5, noiseShape: [2, 1, 5] });
  const [noise] = noiseOf(columns);
  expect(noise?.noiseShape?.([2, 3, 5])).toEqual([2, 1, 5]);
  const channels = layers.spatialDropout1d({ rate: 0.5 });
  const rows = (channels.apply(tf.ones([1, 4, 32]), { training: true }) as tf.Tensor3D).arraySync()[0] as number[][];
  expect(noiseOf(channels)[0]?.noiseShape?.([1, 4, 32])).toEqual([null, 1, null]);
  for (const row of rows) expect(row).toEqual(rows[0]);
});

test('which are plain dropout, and which hand on at inference what they take in', () => {
  const facts = Object.entries(stock).map(([name, [make]]) => {
    const layer = make();
    return [name, noiseOf(layer).map(unlikeDropout), isIdentityAtInference(layer)] as const;
  });
  expect(facts.filter(([, unlike]) => unlike.length && unlike[0] === undefined).map(([name]) => name)).toEqual([
    'dropout',
    'spatialDropout1d',
  ]);
  expect(facts.filter(([, , identity]) => identity).map(([name]) => name)).toEqual([
    'dropout',
    'spatialDropout1d',
    'gaussianDropout',
    'alphaDropout',
    'gaussianNoise',
  ]);
  expect([layers.dense({ units: 2 }), layers.flatten()].map(isIdentityAtInference)).toEqual([false, false]);
});

test('a rate of 1 drops nothing in TF.js, so it is off', () => {
  const layer = layers.dropout({ rate: 1 });
  const x = tf.ones([1, 8]);
  expect([...(layer.apply(x, { training: true }) as tf.Tensor).dataSync()]).toEqual([...x.dataSync()]);
  const [noise] = noiseOf(layer);
  expect(noise).toMatchObject({ isOn: false });
  expect(noise && keepProbAt(noise, { step: 0, epoch: 0 })).toBe(1);
});

test('a seed repeats one mask, and is told of where TF.js takes it', () => {
  const layer = layers.dropout({ rate: 0.5, seed: 3 });
  const draw = () => [...(layer.apply(tf.ones([1, 64]), { training: true }) as tf.Tensor).dataSync()];
  expect(draw()).toEqual(draw());
  expect(noiseOf(layer)[0]?.seed).toBe(3);
  expect(noiseOf(layers.gaussianDropout({ rate: 0.5 }))[0]?.seed).toBeNull();
});

test('stock: a cell in tf.layers.rnn uses its first mask for ever; a new strength draws a new one', () => {
  // k of 64 ones that are kept sum up to k / 0.7, which is never 64
  const cell = layers.simpleRNNCell({ units: 8, dropout: 0.3, ...ones });
  const model = modelOf(layers.rnn({ cell }), [2, 64]);
  // no two masks leave the same sum
  const x = tf.reshape(tf.sqrt(tf.range(1, 129)), [1, 2, 64]);
  const quiet = say(modelOf(layers.simpleRNN({ units: 8, ...ones }), [2, 64]), x, false);
  const first = say(model, x, true);
  expect(first).not.toBe(quiet);
  expect(say(model, x, true)).toBe(first);
  const [noise] = noiseOf(cell);
  const restore = noise && turnOff(noise);
  expect(say(model, x, true)).toBe(quiet);
  restore?.();
  expect(say(model, x, true)).not.toBe(quiet);
  if (noise) setKeepProbOf(noise, 1 - 2 ** -20);
  expect(say(model, x, true)).not.toBe(first);
});
