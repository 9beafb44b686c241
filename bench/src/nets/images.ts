/** Nets over images, beside the CNN and the depthwise-separable one of `models.ts`. Adam. */
import * as tf from '@tensorflow/tfjs';
import { CLASSES, type Kind, randomLabels, type Step, softmax, stepOf, stepOn } from '../models.ts';

type Layer = tf.layers.Layer;

const conv = (filters: number, more: object = {}): Layer =>
  tf.layers.conv2d({ filters, kernelSize: 3, padding: 'same', useBias: false, ...more });
const norm = (): Layer => tf.layers.batchNormalization();
const relu = (): Layer => tf.layers.reLU();

/** 3×3 convolutions of 16 and 32 channels on 28×28, each with batch norm. */
export function normedCnn(kind: Kind, batch: number): Step {
  const pool = (): Layer => tf.layers.maxPooling2d({ poolSize: 2 });
  const layers = [
    ...[conv(16, { inputShape: [28, 28, 1], padding: 'valid' }), norm(), relu(), pool()],
    ...[conv(32, { padding: 'valid' }), norm(), relu(), pool(), tf.layers.flatten(), softmax(CLASSES)],
  ];
  return stepOf(kind, layers, tf.train.adam(0.001), batch);
}

/** 16 channels on colour images: a convolution and two residual blocks of two, each with batch norm. */
export function resnet(kind: Kind, batch: number, image: number): Step {
  const apply = (x: tf.SymbolicTensor, ...layers: Layer[]): tf.SymbolicTensor =>
    layers.reduce((h, layer) => layer.apply(h) as tf.SymbolicTensor, x);
  const block = (x: tf.SymbolicTensor): tf.SymbolicTensor =>
    apply(
      tf.layers.add().apply([x, apply(x, conv(16), norm(), relu(), conv(16), norm())]) as tf.SymbolicTensor,
      relu(),
    );
  const input = tf.input({ shape: [image, image, 3] });
  const features = block(block(apply(input, conv(16), norm(), relu())));
  const model = tf.model({
    inputs: input,
    outputs: apply(features, tf.layers.globalAveragePooling2d({}), softmax(CLASSES)),
  });
  const x = tf.randomUniform([batch, image, image, 3]);
  return stepOn(kind, model, tf.train.adam(0.001), { x, y: randomLabels(batch, CLASSES) });
}

/** From 64 numbers to images of 28×28: dense, two transposed convolutions with strides of 2; mean squared error. */
export function transposed(kind: Kind, batch: number): Step {
  const up = (filters: number, activation: 'relu' | 'sigmoid'): Layer =>
    tf.layers.conv2dTranspose({ filters, kernelSize: 3, strides: 2, padding: 'same', activation });
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 7 * 7 * 32, activation: 'relu', inputShape: [64] }),
      ...[tf.layers.reshape({ targetShape: [7, 7, 32] }), up(16, 'relu'), up(1, 'sigmoid')],
    ],
  });
  const [x, y] = [tf.randomUniform([batch, 64]), tf.randomUniform([batch, 28, 28, 1])];
  return stepOn(kind, model, tf.train.adam(0.001), { x, y }, { loss: 'meanSquaredError' });
}
