import { OptionError } from '@keepprob/core';
import { dropout, keepProbs, setKeepProb } from '@keepprob/dropout';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { keepProb, keepProbSpace, readSpace } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** The lecture's net. */
const lecture = () =>
  tf.sequential({
    layers: [7, 7, 3, 2, 1].map((units, i) =>
      tf.layers.dense({
        units,
        activation: 'tanh',
        name: i < 4 ? `hidden${i + 1}` : 'output',
        ...(i === 0 && { inputShape: [3] }),
      }),
    ),
  });

const names = (config: unknown): string[] => readSpace(config).dimensions.map(({ name }) => name);

test('one for each hidden layer, and one for the input where asked', () => {
  const model = lecture();
  expect(names(keepProbSpace(model))).toEqual([1, 2, 3, 4].map(i => `keepProbs.hidden${i}`));
  const space = keepProbSpace(model, { input: keepProb(0.8, 1), low: 0.5 });
  expect(names(space).at(-1)).toBe('input');
  const { at } = readSpace(space);
  const { keepProbs: table, input } = at({
    'keepProbs.hidden1': 0.7,
    'keepProbs.hidden2': 0.5,
    'keepProbs.hidden3': 0.7,
    'keepProbs.hidden4': 1,
    input: 0.9,
  });
  const dropped = keepProbs(model, table, { input });
  expect(dropped.layers.map(({ name }) => name).filter(name => name.endsWith('_dropout'))).toHaveLength(4);
});

test('dropout that the model has is set, not put in again', () => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 8, activation: 'relu', inputShape: [4], name: 'hidden' }),
      dropout({ keepProb: 0.5, name: 'drop' }),
      tf.layers.dense({ units: 1, name: 'output' }),
    ],
  });
  const { at, dimensions } = readSpace(keepProbSpace(model));
  expect(dimensions.map(({ name }) => name)).toEqual(['set.drop']);
  expect(() => setKeepProb(model, at({ 'set.drop': 0.8 }).set)()).not.toThrow();
  expect(keepProbSpace(model, ['drop', 'hidden'])).toMatchObject({
    set: { drop: { share: 'keepProb' } },
    keepProbs: { hidden: {} },
  });
});

test('a list of layers has one dimension', () => {
  const { dimensions, at } = readSpace(keepProbSpace(lecture(), ['hidden1', 'hidden2'], { low: 0.5 }));
  expect(dimensions).toMatchObject([{ name: 'keepProb', low: 0.5, high: 1 }]);
  expect(at({ keepProb: 0.6 })).toEqual({ set: {}, keepProbs: { hidden1: 0.6, hidden2: 0.6 }, input: 1 });
});

test('typed errors, and no tensor is left', () => {
  const model = lecture();
  const before = tf.memory().numTensors;
  const one = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], name: 'out' })] });
  for (const [make, message] of [
    [() => keepProbSpace(model, ['hiden1']), /no layer "hiden1"\. Did you mean "hidden1"\? Layers: hidden1, hidden2/],
    [() => keepProbSpace(model, ['output']), /output/],
    [() => keepProbSpace(model, []), /Name the layers/],
    [() => keepProbSpace(one), /no dropout in the model/],
    [() => keepProbSpace(model, { low: 0.9, high: 0.5 }), /low < high/],
    [() => keepProbSpace(model, { input: 2 }), /input/],
  ] as const) {
    expect(make).toThrow(OptionError);
    expect(make).toThrow(message);
  }
  one.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
