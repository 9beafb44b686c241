/** The way of two weights, and of their average, over a noisy run. */
import { definePlugin } from '@keepprob/core';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { curves } from './svg.mjs';

const UPDATES = 24;
const BATCH = 2;
const x = tf.randomNormal([UPDATES * BATCH, 2], 0, 1, 'float32', 1);
const y = tf.add(tf.sum(tf.mul(x, [1, -0.5]), 1, true), tf.randomNormal([UPDATES * BATCH, 1], 0, 0.7, 'float32', 2));

/** The weights that a run of so many updates ends with, and those on its way. */
async function run(updates, plugins) {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, useBias: false, inputShape: [2] })] });
  const start = tf.tensor2d([[-1], [1]]);
  model.setWeights([start]);
  const way = [];
  const watch = definePlugin({
    name: 'watch',
    options: {},
    setup: () => ({ afterUpdate: ([weight]) => void way.push(Array.from(weight.variable.dataSync())) }),
  });
  const optimizer = tf.train.sgd(0.12);
  await fit(
    model,
    { x, y },
    {
      ...{ loss: 'meanSquaredError', optimizer, batchSize: BATCH, limitBatches: updates, seed: 1 },
      ...{ plugins: [watch(), ...plugins], trainEvaluation: false, progress: false },
    },
  );
  const end = Array.from(model.getWeights()[0].dataSync());
  start.dispose();
  optimizer.dispose();
  model.dispose();
  return { way, end };
}

const path = options => async entry => {
  const averages = [];
  for (let updates = 1; updates <= UPDATES; updates++) {
    const { end } = await run(updates, [entry.make(options)]);
    averages.push(end);
  }
  const { way } = await run(UPDATES, [entry.make(options)]);
  return {
    svg: curves([{ points: way, soft: true }, { points: averages }], { x: 'first weight', y: 'second weight' }),
    alt: `The way of two weights over ${UPDATES} noisy updates, dashed, and of what ${entry.name} makes of them, solid.`,
  };
};

export const byAverage = { ema: path({ decay: 0.85 }), lookahead: path({}) };
