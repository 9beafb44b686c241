import { weightsOf } from '@keepprob/core';
import { openRun } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { l2 } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** What others may call a layer: as a property of every object is called, or as a field of schedules. */
const names = [
  ...Object.getOwnPropertyNames(Object.prototype).filter(name => /^[a-z]/i.test(name)),
  ...['schedule', 'values'],
];

test.each(names)('a layer %s has the strength that is given to it, else none', name => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 2, inputShape: [2], name }), tf.layers.dense({ units: 1, name: 'other' })],
  });
  const strengths = (strength: Readonly<Record<string, number>>): number[] => {
    const given = { host: 'fit', optimizer: tf.train.sgd(0.1), seed: 1, epoch: () => 0 } as const;
    const run = openRun(model, [l2({ strength })], given);
    const { l2: byPath } = run.penaltyGradients(run.weights, run.moment('train'));
    return weightsOf(model).flatMap(({ path }) => byPath.get(path) ?? []);
  };
  expect(strengths({ other: 0.5 })).toEqual([0, 0.5]);
  expect(strengths({ [name]: 0.25 })).toEqual([0.25, 0]);
});
