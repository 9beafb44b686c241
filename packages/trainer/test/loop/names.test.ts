/** Every loss and metric that TF.js knows by name, against its own value in stock `evaluate`; and functions. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test, vi } from 'vitest';
import { fit } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const probabilities = (n: number, k: number, seed: number): tf.Tensor =>
  tf.tidy(() => tf.softmax(tf.randomNormal([n, k], 0, 1, 'float32', seed)));
const net = () =>
  tf.sequential({
    layers: [
      tf.layers.dense({
        units: 3,
        activation: 'softmax',
        inputShape: [2],
        kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
      }),
    ],
  });
const x = () => tf.randomNormal([12, 2], 0, 1, 'float32', 2);

const losses = [
  'meanSquaredError',
  'meanAbsoluteError',
  'meanAbsolutePercentageError',
  'meanSquaredLogarithmicError',
  'squaredHinge',
  'hinge',
  'categoricalHinge',
  'logcosh',
  'categoricalCrossentropy',
  'sparseCategoricalCrossentropy',
  'binaryCrossentropy',
  'kullbackLeiblerDivergence',
  'poisson',
  'cosineProximity',
];
test.each(losses)('loss %s', async loss => {
  const model = net();
  const labels = tf.tensor1d([...Array(12)].map((_, i) => i % 3));
  const y = loss === 'sparseCategoricalCrossentropy' ? labels : probabilities(12, 3, 3);
  model.compile({ optimizer: 'sgd', loss });
  const stock = ((await model.evaluate(x(), y, { batchSize: 12 })) as tf.Scalar).dataSync()[0]!;
  const options = { loss, optimizer: tf.train.sgd(0), epochs: 1, batchSize: 5, progress: false } as const;
  const run = await fit(model, { x: x(), y }, options);
  expect(run.history.cleanLoss![0]).toBeCloseTo(stock, 4);
  expect(run.history.loss![0]).toBeCloseTo(stock, 4);
});

const metrics = ['accuracy', 'categoricalCrossentropy', 'mse', 'mae', 'cosine', 'precision'];
test.each(metrics)('metric %s', async metric => {
  const model = net();
  const y = tf.oneHot(
    tf.tensor1d(
      [...Array(12)].map((_, i) => i % 3),
      'int32',
    ),
    3,
  );
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: [metric] });
  const [, stock] = (await model.evaluate(x(), y, { batchSize: 12 })) as tf.Scalar[];
  const run = await fit(
    model,
    { x: x(), y },
    {
      loss: 'meanSquaredError',
      optimizer: tf.train.sgd(0),
      batchSize: 12,
      metrics: [metric],
      progress: false,
    },
  );
  const name = Object.keys(run.history).find(key => !/loss|penalty|cost|clean/i.test(key))!;
  expect(run.history[name]![0]).toBeCloseTo(stock!.dataSync()[0]!, 4);
  expect(run.history[`clean${name[0]!.toUpperCase()}${name.slice(1)}`]![0]).toBeCloseTo(stock!.dataSync()[0]!, 4);
});

test('a metric that is a function goes by its own name', async () => {
  const bias = (y: tf.Tensor, p: tf.Tensor): tf.Tensor => tf.mean(tf.sub(p, y));
  const run = await fit(
    net(),
    { x: x(), y: probabilities(12, 3, 3) },
    {
      loss: (y, p) => tf.losses.absoluteDifference(y, p) as tf.Tensor,
      optimizer: 'adam',
      metrics: [bias],
      progress: false,
    },
  );
  expect(run.history.bias![0]).toBeCloseTo(0, 5); // both sum to 1 in every row
});

test('progress in lines: each epoch with every curve, folded at 100 columns', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    const y = probabilities(12, 3, 3);
    await fit(
      net(),
      { x: x(), y },
      { loss: 'meanSquaredError', optimizer: 'sgd', epochs: 2, validation: { x: x(), y }, progress: 'bar' },
    );
    const lines = log.mock.calls.map(([line]) => String(line));
    expect(lines.length).toBe(2); // no terminal in a test: the bar becomes lines
    expect(lines[1]).toMatch(
      /^epoch 2\/2 {2}cost \S+ {2}loss \S+ {2}penalty \S+ {2}cleanLoss \S+ {2}valLoss \S+\n {4}valPenalty \S+ {2}valCost \S+$/,
    );
  } finally {
    log.mockRestore();
  }
});

test.each([
  [
    'the name of another log',
    [
      function cost(y: tf.Tensor, _: tf.Tensor) {
        return y;
      },
    ],
  ],
  [
    'no name',
    [
      (
        () => (y: tf.Tensor) =>
          y
      )(),
    ],
  ],
  ['one name twice', [tf.metrics.meanSquaredError, tf.metrics.meanSquaredError]],
])('metrics that are functions with %s are refused', async (_, given) => {
  const y = probabilities(12, 3, 3);
  const run = fit(
    net(),
    { x: x(), y },
    { loss: 'meanSquaredError', optimizer: 'sgd', metrics: given as never, progress: false },
  );
  await expect(run).rejects.toThrow(/fit: invalid value for option `metrics`/);
});
