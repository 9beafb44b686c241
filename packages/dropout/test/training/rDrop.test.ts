import { mask } from '@keepprob/core/random';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { dropout, rDrop, symmetricDivergence } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const x = () => tf.randomNormal([12, 3], 0, 1, 'float32', 1);
const y = () => tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2], 'int32'), 3);
const number = (t: tf.Tensor): number => t.dataSync()[0]!;

describe('symmetric divergence', () => {
  const [p, q] = [
    [0.7, 0.2, 0.1],
    [0.5, 0.3, 0.2],
  ];
  test('(.7, .2, .1), (.5, .3, .2) → .0885778; with itself 0', () => {
    expect(number(symmetricDivergence(tf.tensor2d([p!]), tf.tensor2d([q!]), false))).toBeCloseTo(0.0885778, 6);
    expect(number(symmetricDivergence(tf.tensor2d([p!]), tf.tensor2d([p!]), false))).toBe(0);
  });
  test('of logits: that of their softmax', () => {
    const logits = (v: number[]) => tf.tensor2d([v.map(Math.log)]);
    expect(number(symmetricDivergence(logits(p!), logits(q!), true))).toBeCloseTo(0.0885778, 6);
  });
  test('of one probability: that of the two classes', () => {
    const two = number(symmetricDivergence(tf.tensor2d([[0.7, 0.3]]), tf.tensor2d([[0.4, 0.6]]), false));
    expect(number(symmetricDivergence(tf.tensor2d([[0.7]]), tf.tensor2d([[0.4]]), false))).toBeCloseTo(two, 6);
    const logit = (v: number) => tf.tensor2d([[Math.log(v / (1 - v))]]);
    expect(number(symmetricDivergence(logit(0.7), logit(0.4), true))).toBeCloseTo(two, 6);
  });
  test('the mean over rows and time; certain predictions stay finite', () => {
    const pairs = (v: number[]) => tf.tensor3d([[v, p!]]);
    expect(number(symmetricDivergence(pairs(q!), pairs(p!), false))).toBeCloseTo(0.0885778 / 2, 6);
    const certain = number(symmetricDivergence(tf.tensor2d([[1, 0]]), tf.tensor2d([[0, 1]]), false));
    expect(certain).toBeCloseTo(Math.log(1e7), 0);
  });
});

describe('in fit', () => {
  const net = (keepProb: number) =>
    tf.sequential({
      layers: [
        tf.layers.dense({
          units: 12,
          activation: 'relu',
          inputShape: [3],
          kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
        }),
        dropout({ keepProb }),
        tf.layers.dense({
          units: 3,
          activation: 'softmax',
          kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }),
        }),
      ],
    });
  const train = async (keepProb: number, alpha?: number) => {
    const model = net(keepProb);
    const run = await fit(
      model,
      { x: x(), y: y() },
      {
        loss: 'categoricalCrossentropy',
        optimizer: tf.train.sgd(0.1),
        epochs: 3,
        seed: 7,
        progress: false,
        plugins: [alpha !== undefined && rDrop(alpha)],
      },
    );
    return { run, weights: model.getWeights().flatMap(w => [...w.dataSync()]) };
  };

  test('dropout off: divergence 0, plain training', async () => {
    const [plain, twice] = [await train(1), await train(1, 3)];
    expect(twice.run.history.penalty).toEqual([0, 0, 0]);
    for (const [i, w] of twice.weights.entries()) expect(Math.abs(w - plain.weights[i]!)).toBeLessThan(1e-6);
  });

  test('dropout on: two masks, so a positive divergence, which α weighs', async () => {
    const [one, two, none] = [await train(0.5, 1), await train(0.5, 2), await train(0.5, 0)];
    expect(one.run.history.penalty![0]!).toBeGreaterThan(0);
    expect(two.run.history.penalty![0]! / one.run.history.penalty![0]!).toBeCloseTo(2, 5);
    expect(none.run.history.penalty).toEqual([0, 0, 0]);
    expect(one.weights).not.toEqual(none.weights);
  });

  test('the data loss is the mean over draws 0 and 1 of the step, the first of them the mask of plain training', async () => {
    const data = { x: x(), y: y() };
    const model = net(0.5);
    const [hidden, output] = [model.layers[0]!, model.layers[2]!];
    const losses = [0, 1].map(draw => {
      const h = tf.mul(hidden.apply(data.x) as tf.Tensor, mask([12, 12], 0.5, { seed: 7, step: 0, site: 0, draw }));
      return number(tf.mean(tf.metrics.categoricalCrossentropy(data.y, output.apply(h) as tf.Tensor)));
    });
    const options = { loss: 'categoricalCrossentropy', optimizer: tf.train.sgd(0), seed: 7, shuffle: false } as const;
    const once = await fit(net(0.5), data, { ...options, progress: false });
    const twice = await fit(model, data, { ...options, progress: false, plugins: [rDrop(0)] });
    expect(once.history.loss![0]).toBeCloseTo(losses[0]!, 5);
    expect(twice.history.loss![0]).toBeCloseTo((losses[0]! + losses[1]!) / 2, 5);
    expect(Math.abs(losses[0]! - losses[1]!)).toBeGreaterThan(1e-3);
  });
});
