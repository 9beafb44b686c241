/** Every log has a name of its own, known before training. */
import { OptionError } from '@keepprob/core';
import { outputNames } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { type FitOptions, fit } from '../../src/index.ts';
import { namesOfLogs } from '../../src/objective/logNames.ts';
import { resolveObjective } from '../../src/objective/losses.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const net = (names: readonly string[]) => {
  const x = tf.input({ shape: [1] });
  const outputs = names.map(name => tf.layers.dense({ units: 1, name }).apply(x) as tf.SymbolicTensor);
  return tf.model({ inputs: x, outputs });
};
const train = (model: tf.LayersModel, options: Partial<FitOptions> = {}) => {
  const y = Object.fromEntries(outputNames(model).map(name => [name, [[1], [1]]]));
  return fit(model, { x: [[1], [1]], y }, { loss: 'meanSquaredError', optimizer: 'sgd', progress: false, ...options });
};
const metric = (name: string) =>
  Object.defineProperty((y: tf.Tensor, p: tf.Tensor) => tf.metrics.meanSquaredError(y, p), 'name', { value: name });

test.each<[string, readonly string[], readonly string[], RegExp]>([
  ['an output val', ['policy', 'val'], [], /"valLoss": the loss of output "val" and the loss on the validation data/],
  ['an output clean', ['a', 'clean'], [], /"cleanLoss"/],
  ['a metric valLoss', ['a'], ['valLoss'], /metrics.*"valLoss"/],
  ['a metric val_loss', ['a'], ['val_loss'], /"valLoss"/],
  ['a metric cleanLoss', ['a'], ['cleanLoss'], /"cleanLoss"/],
  ['a metric of another’s dev curve', ['a'], ['gap', 'valGap'], /"valGap"/],
  ['a metric valCost', ['a'], ['valCost'], /"valCost"/],
  ['a metric loss', ['a'], ['loss'], /"loss"/],
  ['a metric epoch', ['a'], ['epoch'], /"epoch"/],
  ['two metrics of one name', ['a'], ['bias', 'bias'], /"bias"/],
  ['a metric of one output like the loss of it', ['a', 'b'], ['loss'], /"aLoss"/],
  ['a metric without a name', ['a', 'b'], [''], /without a name/],
])('%s is refused before training', async (_, outputs, metrics, message) => {
  const run = train(net(outputs), { metrics: metrics.map(metric) });
  await expect(run).rejects.toThrow(OptionError);
  await expect(train(net(outputs), { metrics: metrics.map(metric) })).rejects.toThrow(message);
});

test('an only output may have any name: its loss has none', async () => {
  expect((await train(net(['val']))).history).toHaveProperty('cleanLoss');
});

test('the names that are known before training are those of the history', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.constantFrom('left', 'right', 'the_third'), { minLength: 1 }),
      fc.uniqueArray(fc.constantFrom('mse', 'mae', 'cosine')),
      fc.boolean(),
      fc.boolean(),
      async (outputs, metrics, validates, trainEvaluation) => {
        const model = net(outputs);
        const y = Object.fromEntries(outputs.map(name => [name, [[1]]]));
        const validation = validates ? { x: [[1]], y } : null;
        const { history } = await train(model, { metrics, validation, trainEvaluation });
        const aims = { loss: 'meanSquaredError', metrics, optimizer: tf.train.sgd(0), lossWeights: null };
        const objective = resolveObjective('fit', model, aims);
        const curves = ['train', trainEvaluation && 'clean', validates && 'val'] as const;
        const names = curves.flatMap(curve => (curve ? namesOfLogs(objective, curve) : []));
        expect(new Set(Object.keys(history))).toEqual(new Set(names));
      },
    ),
    { numRuns: 20 },
  );
});
