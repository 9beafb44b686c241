/** Names of losses, metrics and optimizers: those that TF.js knows, and the nearest of them to any other. */
import * as tf from '@tensorflow/tfjs';
import { lossesMap } from '@tensorflow/tfjs-layers/dist/losses.js';
import { metricsMap } from '@tensorflow/tfjs-layers/dist/metrics.js';
import { beforeAll, expect, test } from 'vitest';
import { evaluateRows, type FitOptions, fit } from '../../src/index.ts';
import { lossNames, metricNames, OPTIMIZERS } from '../../src/objective/known.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const model = () => tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [1] })] });
const two = () => {
  const x = tf.input({ shape: [1] });
  const outputs = ['a', 'b'].map(name => tf.layers.dense({ units: 1, name }).apply(x) as tf.SymbolicTensor);
  return tf.model({ inputs: x, outputs });
};

test('they are those of TF.js', () => {
  expect([...lossNames].sort()).toEqual(Object.keys(lossesMap).sort());
  // those that depend on the output are no functions of the map
  const byOutput = ['accuracy', 'acc', 'crossentropy', 'ce'];
  expect([...metricNames].sort()).toEqual([...Object.keys(metricsMap), ...byOutput].sort());
  for (const optimizer of OPTIMIZERS) model().compile({ optimizer, loss: 'meanSquaredError' });
});

const right: FitOptions = { loss: 'meanSquaredError', optimizer: 'sgd', progress: false };
test.each<[string, Partial<FitOptions>, RegExp]>([
  [
    'loss',
    { loss: 'categoricalCrossEntropy' },
    /`loss`.*"categoricalCrossEntropy".*Did you mean "categoricalCrossentropy".*meanSquaredError/,
  ],
  ['a loss in a list', { loss: ['mse'] }, /`loss`.*"mse".*Known: meanSquaredError/],
  ['a loss of every object', { loss: 'toString' }, /no loss "toString"/],
  ['a loss that is a number', { loss: [3 as never] }, /`loss`.*names or functions.*3/],
  ['metric', { metrics: ['acuracy'] }, /`metrics`.*"acuracy".*Did you mean "accuracy".*cosine/],
  ['a metric that is null', { metrics: [null as never] }, /`metrics`.*null/],
  ['optimizer', { optimizer: 'adamw' }, /`optimizer`.*"adamw".*Did you mean "adam"/],
])('%s', async (_, options, message) => {
  await expect(fit(model(), { x: [[1]], y: [[1, 2]] }, { ...right, ...options })).rejects.toThrow(message);
});

test('evaluateRows says its own name', async () => {
  await expect(evaluateRows(model(), { x: [[1]], y: [[1, 2]] }, { loss: 'hing' })).rejects.toThrow(
    /^evaluateRows: .*Did you mean "hinge"/,
  );
});

test.each<[string, Partial<FitOptions>]>([
  ['a loss for one of two outputs', { loss: { a: 'meanSquaredError' } }],
  ['a loss of an output that there is not', { loss: { a: 'meanSquaredError', b: 'meanSquaredError', c: 'hinge' } }],
  ['a list of one loss', { loss: ['meanSquaredError'] }],
  ['metrics of an output that there is not', { metrics: { c: 'mse' } }],
])('%s is refused', async (_, options) => {
  const y = { a: [[1]], b: [[1]] };
  await expect(fit(two(), { x: [[1]], y }, { ...right, ...options })).rejects.toThrow(/a, b/);
});
