/** What a plugin does to a single weight or gradient, in one update of `fit`. */
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { curves } from './svg.mjs';

const line = (low, high, count) => Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));

/**
 * One update of weights, each of a unit of its own, with these gradients.
 * @returns the weights after it, and the penalty before
 */
async function update(plugin, { weights, gradients = weights.map(() => 0), learningRate }) {
  const units = weights.length;
  const model = tf.sequential({ layers: [tf.layers.dense({ units, useBias: false, inputShape: [1] })] });
  const start = tf.tensor2d([weights]);
  model.setWeights([start]);
  const optimizer = tf.train.sgd(learningRate);
  const data = { x: tf.ones([1, 1]), y: tf.tensor2d([gradients]) };
  const { history } = await fit(model, data, {
    loss: (y, predicted) => tf.sum(tf.mul(y, predicted), -1),
    ...{ optimizer, plugins: [plugin], seed: 1, trainEvaluation: false, progress: false },
  });
  const after = Array.from(model.getWeights()[0].dataSync());
  tf.dispose([start, data.x, data.y]);
  optimizer.dispose();
  model.dispose();
  return { after, penalty: history.penalty[0] };
}

const weights = line(-3, 3, 25);
const same = [
  [-3, -3],
  [3, 3],
];

/** J gains this much. */
const penalty = options => async entry => {
  const points = [];
  for (const weight of weights) {
    const { penalty } = await update(entry.make(options), { weights: [weight], learningRate: 1e-6 });
    points.push([weight, penalty]);
  }
  return {
    svg: curves([{ points }], { x: 'weight', y: 'penalty' }),
    alt: `The penalty of ${entry.name} for a single weight between −3 and 3, with ${JSON.stringify(options).replaceAll('"', '')}.`,
  };
};

/** The weight after an update whose gradient is 0. */
const projection =
  (options, learningRate = 0.5) =>
  async entry => {
    const { after } = await update(entry.make(options), { weights, learningRate });
    const points = weights.map((weight, i) => [weight, after[i]]);
    return {
      svg: curves([{ points: same, soft: true }, { points }], { x: 'weight before an update', y: 'weight after it' }),
      alt: `A single weight after an update with ${entry.name} against the weight before it; the gradient is 0. The dashed line is no change.`,
    };
  };

/** The gradient as the optimizer gets it. */
const clipping = options => async entry => {
  const points = [];
  for (const gradient of weights) {
    const { after } = await update(entry.make(options), { weights: [0], gradients: [gradient], learningRate: 1 });
    points.push([gradient, -after[0]]);
  }
  return {
    svg: curves([{ points: same, soft: true }, { points }], { x: 'gradient', y: 'gradient after clipping' }),
    alt: `A gradient of one weight after ${entry.name} against the gradient before it. The dashed line is no change.`,
  };
};

export const byWeight = {
  l1: penalty({ strength: 1 }),
  l2: penalty({ strength: 1 }),
  elasticNet: penalty({ l1: 1, l2: 1 }),
  proximalL1: projection({ strength: 1 }),
  weightDecay: projection({ strength: 0.5 }),
  maxNorm: projection({ maxNorm: 2 }),
  minMaxNorm: projection({ minNorm: 1, maxNorm: 2 }),
  unitNorm: projection({}),
  nonNegative: projection({}),
  clipValue: clipping({ maxValue: 1 }),
  clipNorm: clipping({ maxNorm: 1 }),
  clipGlobalNorm: clipping({ maxNorm: 1 }),
};
