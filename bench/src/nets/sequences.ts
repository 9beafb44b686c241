/** Nets over sequences, beside the LSTM of `models.ts`. Adam. */
import * as tf from '@tensorflow/tfjs';
import { CLASSES, type Kind, randomLabels, type Step, softmax, stepOf, stepOn } from '../models.ts';

type Layer = tf.layers.Layer;

const adam = (): tf.Optimizer => tf.train.adam(0.001);

/** 64 units over 28 steps of 28 inputs. */
export function recurrent(kind: Kind, make: typeof tf.layers.gru | typeof tf.layers.simpleRNN, batch: number): Step {
  const layer = make({ units: 64, inputShape: [28, 28], recurrentInitializer: 'glorotNormal' });
  return stepOf(kind, [layer, softmax(CLASSES)], adam(), batch);
}

export interface Size {
  readonly batch: number;
  readonly time: number;
  /** Of the vocabulary. */
  readonly words: number;
}

/** Sequences of words, and a class for each of them. */
function wordsAndClasses({ batch, time, words }: Size): { x: tf.Tensor; y: tf.Tensor } {
  const x = tf.randomUniform([batch, time], 0, words, 'int32');
  return { x, y: randomLabels(batch, CLASSES) };
}
const embedding = ({ time, words }: Size): Layer =>
  tf.layers.embedding({ inputDim: words, outputDim: 64, inputShape: [time] });

/** Embeddings of words, an LSTM over them. */
export function text(kind: Kind, size: Size): Step {
  const lstm = tf.layers.lstm({ units: 64, recurrentInitializer: 'glorotNormal' });
  const model = tf.sequential({ layers: [embedding(size), lstm, softmax(CLASSES)] });
  return stepOn(kind, model, adam(), wordsAndClasses(size));
}

/** What a transformer has beside attention: embedding, two blocks x + dense(gelu(dense(norm(x)))), layer norm. */
export function feedforward(kind: Kind, size: Size): Step {
  const apply = (layer: Layer, x: tf.SymbolicTensor | tf.SymbolicTensor[]): tf.SymbolicTensor =>
    layer.apply(x) as tf.SymbolicTensor;
  const block = (x: tf.SymbolicTensor): tf.SymbolicTensor => {
    const normed = apply(tf.layers.layerNormalization(), x);
    const wide = apply(tf.layers.dense({ units: 256, activation: 'gelu' }), normed);
    return apply(tf.layers.add(), [x, apply(tf.layers.dense({ units: 64 }), wide)]);
  };
  const input = tf.input({ shape: [size.time] });
  const features = block(block(apply(embedding(size), input)));
  const outputs = apply(softmax(CLASSES), apply(tf.layers.globalAveragePooling1d({}), features));
  return stepOn(kind, tf.model({ inputs: input, outputs }), adam(), wordsAndClasses(size));
}

/** 128 steps of 12 channels: convolutions of 32 and 64 filters of width 5, pooling between. */
export function conv1d(kind: Kind, batch: number): Step {
  const conv = (filters: number, more: object = {}): Layer =>
    tf.layers.conv1d({ filters, kernelSize: 5, activation: 'relu', ...more });
  const layers = [
    ...[conv(32, { inputShape: [128, 12] }), tf.layers.maxPooling1d({ poolSize: 2 }), conv(64)],
    ...[tf.layers.globalAveragePooling1d({}), softmax(CLASSES)],
  ];
  return stepOf(kind, layers, adam(), batch);
}
