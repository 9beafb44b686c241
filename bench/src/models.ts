/** One training step through `trainOnBatch`: with stock layers, regularizers and optimizers, or with ours. */
import type { Plugins } from '@keepprob/core';
import { attach } from '@keepprob/core/stock';
import { dropout } from '@keepprob/dropout';
import { l2 } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs';

export type Kind = 'ours' | 'stock';
export interface Step {
  readonly run: () => Promise<void>;
  /** Lets go of model and data. */
  readonly dispose: () => void;
}

export interface Size {
  readonly batch: number;
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
}
export interface With {
  readonly dropout: boolean;
  readonly l2: boolean;
}

const LAMBDA = 1e-4;
export const CLASSES = 10;

/** A step of these layers on fixed random data with random labels. */
export function stepOf(
  kind: Kind,
  layers: tf.layers.Layer[],
  optimizer: tf.Optimizer,
  batch: number,
  plugin: Plugins = false,
): Step {
  const model = tf.sequential({ layers });
  const classes = model.outputShape[1] as number;
  const x = tf.randomUniform([batch, ...(model.inputs[0]!.shape.slice(1) as number[])]);
  return stepOn(kind, model, optimizer, { x, y: randomLabels(batch, classes) }, { plugin });
}

/** A random class for each row, one-hot. */
export const randomLabels = (batch: number, classes: number): tf.Tensor =>
  tf.tidy(() => tf.oneHot(tf.randomUniform([batch], 0, classes, 'int32'), classes));

/** A step of this model on these data. Owns all of them. */
export function stepOn(
  kind: Kind,
  model: tf.LayersModel,
  optimizer: tf.Optimizer,
  { x, y }: { readonly x: tf.Tensor; readonly y: tf.Tensor },
  { plugin = false, loss = 'categoricalCrossentropy' }: { readonly plugin?: Plugins; readonly loss?: string } = {},
): Step {
  const attached = kind === 'ours' ? attach(model, optimizer, plugin).optimizer : optimizer;
  model.compile({ optimizer: attached, loss });
  return {
    run: async () => {
      await model.trainOnBatch(x, y);
    },
    dispose: () => {
      model.dispose();
      optimizer.dispose();
      tf.dispose([x, y]);
    },
  };
}

export const softmax = (units: number, more: object = {}): tf.layers.Layer =>
  tf.layers.dense({ units, activation: 'softmax', ...more });

/** inputs-hidden-hidden-outputs, momentum. */
export function mlp(kind: Kind, size: Size, what: With): Step {
  const regularizer = kind === 'stock' && what.l2 ? { kernelRegularizer: tf.regularizers.l2({ l2: LAMBDA }) } : {};
  const drop = (): tf.layers.Layer[] =>
    what.dropout ? [kind === 'stock' ? tf.layers.dropout({ rate: 0.5 }) : dropout({ keepProb: 0.5 })] : [];
  const hidden = (more: object = {}): tf.layers.Layer =>
    tf.layers.dense({ units: size.hidden, activation: 'relu', ...regularizer, ...more });
  return stepOf(
    kind,
    [hidden({ inputShape: [size.inputs] }), ...drop(), hidden(), ...drop(), softmax(size.outputs, regularizer)],
    tf.train.momentum(0.01, 0.9),
    size.batch,
    what.l2 && l2(LAMBDA),
  );
}

/** Products of one step: forward, every weight's gradient, every input's but the first. */
export function mlpFlops({ batch, inputs, hidden, outputs }: Size): number {
  const [first, rest] = [inputs * hidden, hidden * hidden + hidden * outputs];
  return 2 * batch * (2 * first + 3 * rest);
}

/** 3×3 convolutions of 16 and 32 channels on 28×28 pixels or another size, Adam. */
export function cnn(kind: Kind, batch: number, image = 28): Step {
  const conv = (filters: number, more: object = {}): tf.layers.Layer =>
    tf.layers.conv2d({ filters, kernelSize: 3, activation: 'relu', ...more });
  const pool = (): tf.layers.Layer => tf.layers.maxPooling2d({ poolSize: 2 });
  const layers = [
    ...[conv(16, { inputShape: [image, image, 1] }), pool(), conv(32), pool()],
    ...[tf.layers.flatten(), softmax(CLASSES)],
  ];
  return stepOf(kind, layers, tf.train.adam(0.001), batch);
}

/** 28 steps, or another number, of 28 inputs; Adam. */
export function lstm(kind: Kind, batch: number, time = 28): Step {
  const layers = [
    tf.layers.lstm({ units: 64, inputShape: [time, 28], recurrentInitializer: 'glorotNormal' }),
    softmax(CLASSES),
  ];
  return stepOf(kind, layers, tf.train.adam(0.001), batch);
}

/** Depthwise 3×3 and pointwise 1×1, each with batchNorm and relu, to 16, 32 and 64 channels; Adam. */
export function separable(kind: Kind, batch: number, image: number): Step {
  const normed = (layer: tf.layers.Layer): tf.layers.Layer[] => [
    layer,
    tf.layers.batchNormalization(),
    tf.layers.reLU(),
  ];
  const block = (filters: number, more: object = {}): tf.layers.Layer[] => [
    ...normed(tf.layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', useBias: false, ...more })),
    ...normed(tf.layers.conv2d({ filters, kernelSize: 1, useBias: false })),
  ];
  const layers = [
    ...[...block(16, { inputShape: [image, image, 16] }), ...block(32), ...block(64)],
    ...[tf.layers.globalAveragePooling2d({}), softmax(CLASSES)],
  ];
  return stepOf(kind, layers, tf.train.adam(0.001), batch);
}
