/** A small network for testing plugins, the same each time it is built. */
import type { Plugins } from '@keepprob/core';
import { attach } from '@keepprob/core/stock';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { need, numbers } from './expect.ts';

const glorot = (seed: number) => tfl.initializers.glorotUniform({ seed });

/** A 3-4-2 network with a gain and a bias in between, and with the given layers after the first one. */
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

/**
 * The inputs of a layer: the tensor, or, for a layer that joins several, the tensor and functions of it, as branches of a model would compute them.
 */
export function branches(x: tfl.SymbolicTensor, inputs = 1): tfl.SymbolicTensor | tfl.SymbolicTensor[] {
  if (inputs === 1) return x;
  const others = Array.from({ length: inputs - 1 }, (_, i) => {
    const activation = (['tanh', 'sigmoid', 'elu'] as const)[i % 3] ?? 'tanh';
    return tfl.layers.activation({ activation }).apply(x) as tfl.SymbolicTensor;
  });
  return [x, ...others];
}

/** The net with a layer that joins branches after the first layer. */
export function mergingNet(layer: tfl.layers.Layer, inputs: number): tfl.LayersModel {
  const [first, ...others] = net().layers as [tfl.layers.Layer, ...tfl.layers.Layer[]];
  const input = tfl.input({ shape: [3] });
  const apply = (to: tfl.layers.Layer, x: tfl.SymbolicTensor | tfl.SymbolicTensor[]) =>
    to.apply(x) as tfl.SymbolicTensor;
  const merged = apply(layer, branches(apply(first, input), inputs));
  return tfl.model({ inputs: input, outputs: others.reduce((x, next) => apply(next, x), merged) });
}

/** A net for images of 6 × 6 pixels and three channels with two classes: it begins with a convolution that reads each pixel once. */
export function imageNet(...middle: tfl.layers.Layer[]): tfl.Sequential {
  return tfl.sequential({
    layers: [
      // the gradient of a convolution takes most of a step on TF.js' cpu backend: a quarter of the positions takes a quarter of the time
      tfl.layers.conv2d({ filters: 2, kernelSize: 3, strides: 3, inputShape: [6, 6, 3], kernelInitializer: glorot(1) }),
      tfl.layers.flatten(),
      ...middle,
      tfl.layers.dense({ units: 2, kernelInitializer: glorot(2), biasInitializer: 'ones' }),
    ],
  });
}

export const ROWS = 12;
export const BATCH = 4;

export interface Data {
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
}
/** Data in the shape that the model takes: numbers from N(0, 1), or images with pixels in [0, 1) and one-hot labels. */
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

/** The net for images would diverge at the learning rate of the other one. */
export const optimizerFor = (model: tfl.LayersModel): tf.SGDOptimizer =>
  tf.train.sgd(model.inputs[0]?.shape.length === 4 ? 0.01 : 0.1);

export const meanSquares = (y: tf.Tensor, prediction: tf.Tensor): tf.Scalar =>
  tf.mean(tf.squaredDifference(y, prediction));

/** Trains with `attach` and stock `model.fit`. Returns the weights. */
export async function trainStock(
  model: tfl.LayersModel,
  plugins: readonly Plugins[],
  { epochs = 2, seed = 5 } = {},
): Promise<number[]> {
  const { x, y } = data(model);
  const optimizer = optimizerFor(model);
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
