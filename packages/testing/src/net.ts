/** A small network to try plugins on, the same each time it is built. */
import type { Plugins } from '@keepprob/core';
import { type Computation, openRun } from '@keepprob/core/driver';
import { attach } from '@keepprob/core/stock';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { need, numbers, scalar } from './expect.ts';

const glorot = (seed: number) => tfl.initializers.glorotUniform({ seed });

/** 3-4-2 with a gain and a bias in between, and whatever layers are put behind the first. */
export function net(...middle: tfl.layers.Layer[]): tfl.Sequential {
  return tfl.sequential({
    layers: [
      tfl.layers.dense({ units: 4, inputShape: [3], kernelInitializer: glorot(1), biasInitializer: 'ones' }),
      ...middle,
      tfl.layers.batchNormalization({ momentum: 0.9 }),
      tfl.layers.dense({ units: 2, kernelInitializer: glorot(2), biasInitializer: 'ones' }),
    ],
  });
}

/** The same on images of 6 × 6 pixels and three channels: a convolution in front, two classes. */
export function imageNet(...middle: tfl.layers.Layer[]): tfl.Sequential {
  return tfl.sequential({
    layers: [
      tfl.layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [6, 6, 3], kernelInitializer: glorot(1) }),
      tfl.layers.flatten(),
      ...middle,
      tfl.layers.dense({ units: 2, kernelInitializer: glorot(2), biasInitializer: 'ones' }),
    ],
  });
}

const ROWS = 12;
const BATCH = 4;

export interface Data {
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
}
/** Of the shape that the model takes: numbers from N(0, 1), or images with pixels in [0, 1) and one-hot labels. */
export function data(model: tfl.LayersModel, rows: number = ROWS): Data {
  const [, ...shape] = need(model.inputs[0], 'input').shape as number[];
  if (shape.length === 3) {
    const classes = Array.from({ length: rows }, (_, i) => i % 2);
    return {
      x: tf.randomUniform([rows, ...shape], 0, 1, 'float32', 3),
      y: tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(classes, 'int32'), 2), 'float32')),
    };
  }
  return {
    x: tf.randomNormal([rows, ...shape], 0, 1, 'float32', 3),
    y: tf.randomNormal([rows, 2], 0, 1, 'float32', 4),
  };
}

export const weightsOfNet = (model: tfl.LayersModel): number[] =>
  model.layers.flatMap(layer => layer.weights.flatMap(w => numbers(w.read())));

const meanSquares = (y: tf.Tensor, prediction: tf.Tensor): tf.Scalar => tf.mean(tf.squaredDifference(y, prediction));

/** Epochs through attach and stock `model.fit`; gives the weights. */
export async function trainStock(
  model: tfl.LayersModel,
  plugins: readonly Plugins[],
  { epochs = 2, seed = 5 } = {},
): Promise<number[]> {
  const { x, y } = data(model);
  const optimizer = tf.train.sgd(0.1);
  const reg = attach(model, { optimizer, seed }, ...plugins);
  try {
    model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
    await model.fit(x, y, {
      epochs,
      batchSize: BATCH,
      shuffle: false,
      verbose: 0,
      validationData: [x, y],
      callbacks: reg.callback,
    });
    return weightsOfNet(model);
  } finally {
    reg.dispose();
    optimizer.dispose();
    tf.dispose([x, y]);
  }
}

/** The same through a bare loop over the doors. */
export async function trainBare(
  model: tfl.LayersModel,
  plugins: readonly Plugins[],
  { epochs = 2, seed = 5 } = {},
): Promise<number[]> {
  const { x, y } = data(model);
  const optimizer = tf.train.sgd(0.1);
  let epoch = 0;
  const run = openRun(model, plugins, { host: 'fit', optimizer, seed, epoch: () => epoch });
  const variables = run.weights.filter(w => w.trainable).map(w => w.variable);
  const [input, output] = [need(model.inputNames[0], 'input'), need(model.outputNames[0], 'output')];
  const computation: Computation = {
    predict: ({ [input]: seen }) => ({ [output]: model.apply(need(seen, 'input'), { training: true }) as tf.Tensor }),
    loss: (predictions, { y }) => meanSquares(need(y[output], 'label'), need(predictions[output], 'prediction')),
    metrics: () => ({}),
    penalties: () => [],
  };
  try {
    let stop: string | undefined;
    for (; epoch < epochs && stop === undefined; epoch++) {
      for (let from = 0; from < ROWS; from += BATCH) {
        const at = run.moment('train', { rows: [0, BATCH] });
        run.begin(at);
        const [xs, ys] = [tf.slice(x, [from], [BATCH]), tf.slice(y, [from], [BATCH])];
        const batch = run.batch({ x: { [input]: xs }, y: { [output]: ys } }, at);
        const step = run.takeStep(computation, batch, variables, at);
        run.update(step, at);
        tf.dispose([xs, ys, step.loss, step.penalty, step.cost]);
        tf.dispose(Object.values(batch).flatMap(tensors => Object.values(tensors ?? {}) as tf.Tensor[]));
      }
      const loss = tf.tidy(() => scalar(meanSquares(y, model.apply(x) as tf.Tensor)));
      stop = run.epochEnd({ loss, valLoss: loss }, run.moment('evaluate')).stop;
    }
    run.end();
    return weightsOfNet(model);
  } finally {
    run.dispose();
    optimizer.dispose();
    tf.dispose([x, y]);
  }
}
