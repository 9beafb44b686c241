/** The nets on which the cost of a plugin is measured, with places for layers. */
import type { BenchNet } from '@keepprob/core/catalogue';
import * as tf from '@tensorflow/tfjs';

type Layer = tf.layers.Layer;

/** What a net has beside its own layers. */
export interface Parts {
  /** In front of everything. */
  readonly first?: () => Layer;
  /** Behind every hidden layer: behind the pooling of a convolution, behind the embedding. */
  readonly behind?: () => Layer;
  /** Around every layer with a kernel. */
  readonly around?: (layer: Layer) => Layer;
  /** Around the embedding. */
  readonly aroundEmbedding?: (layer: Layer) => Layer;
  /** The recurrent layer; an LSTM by default. */
  readonly recurrent?: (args: { readonly units: number; readonly recurrentInitializer: 'glorotNormal' }) => Layer;
  /** Further arguments of every layer with a kernel. */
  readonly args?: object;
}

export interface Net {
  /** As the table calls it. */
  readonly title: string;
  readonly make: (parts: Parts) => { model: tf.LayersModel; x: tf.Tensor; y: tf.Tensor };
  readonly optimizer: () => tf.Optimizer;
}

const CLASSES = 10;

/** A sequential net of optional layers, with random labels for its data. */
function sequential(layers: readonly (Layer | undefined)[], x: tf.Tensor): ReturnType<Net['make']> {
  const model = tf.sequential({ layers: layers.filter(layer => layer !== undefined) });
  const labels = tf.tidy(() => tf.randomUniform([x.shape[0]!], 0, CLASSES, 'int32'));
  const y = tf.oneHot(labels, CLASSES).toFloat();
  labels.dispose();
  return { model, x, y };
}

const same = (layer: Layer): Layer => layer;
const input = (shape: number[], dtype: tf.DataType = 'float32'): Layer =>
  tf.layers.inputLayer({ inputShape: shape, dtype });
const dense = (units: number, activation: 'relu' | 'softmax', args: object = {}): Layer =>
  tf.layers.dense({ units, activation, ...args });

/** inputs-hidden-hidden-10, ReLU, momentum. */
function mlp(batch: number, inputs: number, hidden: number): Net {
  return {
    title: `MLP ${inputs}-${hidden}-${hidden}-${CLASSES}, batch ${batch}, momentum`,
    optimizer: () => tf.train.momentum(0.01, 0.9),
    make: ({ first, behind, around = same, args }) =>
      sequential(
        [
          ...[input([inputs]), first?.()],
          ...[around(dense(hidden, 'relu', args)), behind?.()],
          ...[around(dense(hidden, 'relu', args)), behind?.()],
          around(dense(CLASSES, 'softmax', args)),
        ],
        tf.randomUniform([batch, inputs]),
      ),
  };
}

/** 3×3 convolutions of 16 and 32 channels on 28×28, Adam. */
function cnn(batch: number, channels: number): Net {
  const conv = (filters: number, args: object = {}): Layer =>
    tf.layers.conv2d({ filters, kernelSize: 3, activation: 'relu', ...args });
  const pool = (): Layer => tf.layers.maxPooling2d({ poolSize: 2 });
  return {
    title: `CNN, 28×28×${channels}, conv 16 and 32, batch ${batch}, Adam`,
    optimizer: () => tf.train.adam(0.001),
    make: ({ first, behind, around = same, args }) =>
      sequential(
        [
          ...[input([28, 28, channels]), first?.()],
          ...[around(conv(16, args)), pool(), behind?.()],
          ...[around(conv(32, args)), pool(), behind?.()],
          ...[tf.layers.flatten(), around(dense(CLASSES, 'softmax', args))],
        ],
        tf.randomUniform([batch, 28, 28, channels]),
      ),
  };
}

const WORDS = 1000;

/** Embeddings of 1,000 words, a recurrent layer over them, Adam. */
function text(batch: number, time: number, width: number): Net {
  return {
    title: `text of ${time} words, embedding ${width}, LSTM ${width}, batch ${batch}, Adam`,
    optimizer: () => tf.train.adam(0.001),
    make: ({ first, behind, around = same, aroundEmbedding = same, recurrent = tf.layers.lstm }) =>
      sequential(
        [
          ...[input([time], 'int32'), first?.()],
          ...[aroundEmbedding(tf.layers.embedding({ inputDim: WORDS, outputDim: width })), behind?.()],
          ...[around(recurrent({ units: width, recurrentInitializer: 'glorotNormal' })), dense(CLASSES, 'softmax')],
        ],
        tf.randomUniform([batch, time], 2, WORDS, 'int32'),
      ),
  };
}

/** A dense layer on volumes of 16 channels, momentum. */
function volume(batch: number, side: number): Net {
  return {
    title: `volumes of ${side}×${side}×${side}×16, dense, batch ${batch}, momentum`,
    optimizer: () => tf.train.momentum(0.01, 0.9),
    make: ({ first, behind, around = same, args }) =>
      sequential(
        [
          ...[input([side, side, side, 16]), first?.(), behind?.()],
          ...[tf.layers.flatten(), around(dense(CLASSES, 'softmax', args))],
        ],
        tf.randomUniform([batch, side, side, side, 16]),
      ),
  };
}

export const nets = (quick: boolean): Readonly<Record<BenchNet, Net>> =>
  quick
    ? { mlp: mlp(16, 32, 16), cnn: cnn(2, 1), colour: cnn(2, 3), text: text(2, 4, 8), volume: volume(2, 2) }
    : {
        mlp: mlp(128, 784, 256),
        cnn: cnn(64, 1),
        colour: cnn(64, 3),
        text: text(64, 28, 64),
        volume: volume(32, 8),
      };
