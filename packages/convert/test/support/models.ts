/** Small models that together have every layer that can be exported, with names and weights that are the same each time. */
import {
  alphaDropout,
  dropout,
  dropoutGRU,
  dropoutLSTM,
  dropPath,
  gaussianNoise,
  spatialDropout2D,
} from '@keepprob/dropout';
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

const { layers } = tfl;

/** Numbers that look random, and are not. */
export const wave = (size: number, phase = 0): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * phase) * 0.6);

/** Weights of every variable, positive where they are variances. */
export function fill<M extends tfl.LayersModel>(model: M): M {
  for (const [i, weight] of model.weights.entries()) {
    const variable = weight.read() as tf.Variable;
    const data = wave(variable.size, i);
    const values = weight.originalName.includes('variance') ? data.map(v => 1 + v * v) : data;
    variable.assign(tf.tensor(values, variable.shape));
  }
  return model;
}

/** Inputs for a model, 3 rows; whole numbers from 0 on where it looks words up. */
export function inputsFor(model: tfl.LayersModel, words = 0): tf.Tensor[] {
  return model.inputs.map(({ shape }, i) => {
    const sizes = [3, ...shape.slice(1).map(size => size ?? 5)];
    const data = wave(
      sizes.reduce((a, b) => a * b, 1),
      100 + i,
    );
    return tf.tensor(words ? data.map(v => Math.floor(Math.abs(v) * words)) : data, sizes);
  });
}

type Args = Parameters<typeof layers.dense>[0];
const dense = (units: number, name: string, more: Partial<Args> = {}) => layers.dense({ units, name, ...more });
const chain = (...list: tfl.layers.Layer[]) => fill(tfl.sequential({ name: 'net', layers: list }));
const image = { inputShape: [8, 6, 2] };

function residual(): tfl.LayersModel {
  const input = tfl.input({ shape: [6, 6, 2], name: 'image' });
  const conv = (name: string) => layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', name });
  const first = conv('first').apply(input) as tfl.SymbolicTensor;
  const normal = layers.batchNormalization({ name: 'normal' }).apply(first) as tfl.SymbolicTensor;
  const active = layers.activation({ activation: 'relu', name: 'active' }).apply(normal) as tfl.SymbolicTensor;
  const second = conv('second').apply(active) as tfl.SymbolicTensor;
  const path = dropPath({ rate: 0.2, name: 'path' }).apply(second) as tfl.SymbolicTensor;
  const sum = layers.add({ name: 'sum' }).apply([first, path]) as tfl.SymbolicTensor;
  const both = layers.concatenate({ name: 'both' }).apply([sum, active]) as tfl.SymbolicTensor;
  const flat = layers.flatten({ name: 'flat' }).apply(both) as tfl.SymbolicTensor;
  const pooled = layers.globalAveragePooling2d({ name: 'pooled' }).apply(both) as tfl.SymbolicTensor;
  const outputs = [dense(3, 'classes', { activation: 'softmax' }).apply(flat), dense(1, 'score').apply(pooled), both];
  return fill(tfl.model({ inputs: input, outputs: outputs as tfl.SymbolicTensor[], name: 'net' }));
}

function shared(): tfl.LayersModel {
  const encoder = tfl.sequential({
    name: 'image-encoder',
    layers: [
      layers.conv2d({ filters: 3, kernelSize: 3, activation: 'elu', name: 'conv', ...image }),
      layers.maxPooling2d({ poolSize: 2, name: 'pool' }),
      layers.flatten({ name: 'flat' }),
      dense(4, 'code', { activation: 'tanh' }),
    ],
  });
  const inputs = ['left', 'right'].map(name => tfl.input({ shape: [8, 6, 2], name }));
  const codes = inputs.map(input => encoder.apply(input) as tfl.SymbolicTensor);
  const merged = ['multiply', 'maximum', 'minimum', 'average'].map(
    kind => layers[kind as 'multiply']({ name: `by_${kind}` }).apply(codes) as tfl.SymbolicTensor,
  );
  const all = layers.concatenate({ name: 'all', axis: 1 }).apply(merged) as tfl.SymbolicTensor;
  const output = dense(2, 'out').apply(all) as tfl.SymbolicTensor;
  return fill(tfl.model({ inputs, outputs: output, name: 'net' }));
}

function states(): tfl.LayersModel {
  const [x, y] = ['source', 'target'].map(name => tfl.input({ shape: [5, 3], name })) as [
    tfl.SymbolicTensor,
    tfl.SymbolicTensor,
  ];
  const lstm = (name: string, more: object) => layers.lstm({ units: 4, recurrentActivation: 'sigmoid', name, ...more });
  const [, h, c] = lstm('reader', { returnState: true }).apply(x) as tfl.SymbolicTensor[];
  const written = lstm('writer', { returnSequences: true }).apply([y, h, c] as tfl.SymbolicTensor[]);
  const output = layers.timeDistributed({ layer: dense(2, 'each', { activation: 'softmax' }), name: 'steps' });
  return fill(
    tfl.model({
      inputs: [x, y],
      outputs: output.apply(written as tfl.SymbolicTensor) as tfl.SymbolicTensor,
      name: 'net',
    }),
  );
}

/** Each with the number of words, where it looks words up. */
export const networks: Readonly<Record<string, { readonly make: () => tfl.LayersModel; readonly words?: number }>> = {
  dense: {
    make: () =>
      chain(
        dense(5, 'hidden', {
          inputShape: [4],
          activation: 'relu',
          kernelRegularizer: tfl.regularizers.l2({ l2: 0.01 }),
        }),
        dropout({ rate: 0.3, name: 'drop' }),
        layers.gaussianNoise({ stddev: 0.1, name: 'noise' }),
        layers.gaussianDropout({ rate: 0.1, name: 'factor' }),
        alphaDropout({ rate: 0.1, name: 'alpha' }),
        gaussianNoise({ stddev: 0.2, name: 'more' }),
        dense(4, 'selu', {
          activation: 'selu',
          useBias: false,
          kernelConstraint: tfl.constraints.maxNorm({ maxValue: 2, axis: 0 }),
        }),
        layers.batchNormalization({ scale: false, momentum: 0.9, name: 'normal' }),
        layers.layerNormalization({ name: 'norm' }),
        dense(3, 'out', { activation: 'softmax' }),
      ),
  },
  activations: {
    make: () => {
      const kinds = [
        'elu',
        'gelu',
        'hardSigmoid',
        'linear',
        'logSoftmax',
        'mish',
        'relu6',
        'sigmoid',
        'softplus',
        'softsign',
        'swish',
        'tanh',
      ];
      const input = tfl.input({ shape: [6], name: 'x' });
      const by = (name: string, layer: tfl.layers.Layer) =>
        layer.apply(dense(6, `into_${name}`).apply(input)) as tfl.SymbolicTensor;
      const outputs = [
        ...kinds.map(kind => by(kind, layers.activation({ activation: kind as 'elu', name: kind }))),
        by('relu', layers.reLU({ maxValue: 0.5, name: 'relu' })),
        by('leaky', layers.leakyReLU({ alpha: 0.2, name: 'leaky' })),
        by('eluLayer', layers.elu({ name: 'eluLayer' })),
        by('prelu', layers.prelu({ name: 'prelu' })),
        by('over', layers.thresholdedReLU({ theta: 0.3, name: 'over' })),
        by('soft', layers.softmax({ axis: -1, name: 'soft' })),
      ];
      return fill(tfl.model({ inputs: input, outputs, name: 'net' }));
    },
  },
  images: {
    make: () =>
      chain(
        layers.zeroPadding2d({
          padding: [
            [1, 2],
            [0, 3],
          ],
          name: 'pad',
          ...image,
        }),
        layers.conv2d({
          filters: 4,
          kernelSize: [3, 2],
          strides: 2,
          padding: 'same',
          activation: 'relu',
          name: 'conv',
        }),
        layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, padding: 'same', name: 'depth' }),
        layers.maxPooling2d({ poolSize: 2, strides: 1, padding: 'same', name: 'max' }),
        layers.separableConv2d({ filters: 5, kernelSize: 3, padding: 'same', activation: 'tanh', name: 'separable' }),
        spatialDropout2D({ rate: 0.2, name: 'drop' }),
        layers.averagePooling2d({ poolSize: [3, 2], strides: 2, padding: 'same', name: 'mean' }),
        layers.upSampling2d({ size: [2, 3], name: 'up' }),
        layers.cropping2D({
          cropping: [
            [1, 0],
            [1, 1],
          ],
          name: 'crop',
        }),
        layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: 'same', name: 'transposed' }),
        layers.conv2dTranspose({ filters: 2, kernelSize: 2, strides: 3, name: 'wide' }),
        layers.flatten({ name: 'flat' }),
        dense(3, 'out', { activation: 'softmax' }),
      ),
  },
  volumes: {
    make: () =>
      chain(
        layers.conv3d({ filters: 3, kernelSize: 2, name: 'conv', inputShape: [5, 4, 4, 2] }),
        layers.maxPooling3d({ poolSize: 2, strides: 1, name: 'max' }),
        layers.conv3dTranspose({ filters: 2, kernelSize: 3, strides: 2, padding: 'same', name: 'transposed' } as never),
        layers.averagePooling3d({ poolSize: 2, name: 'mean' }),
        layers.flatten({ name: 'flat' }),
        dense(2, 'out'),
      ),
  },
  sequences: {
    make: () =>
      chain(
        layers.conv1d({
          filters: 4,
          kernelSize: 3,
          padding: 'same',
          dilationRate: 2,
          name: 'dilated',
          inputShape: [12, 3],
        }),
        layers.spatialDropout1d({ rate: 0.2, name: 'drop' }),
        layers.conv1d({ filters: 4, kernelSize: 4, padding: 'same', activation: 'relu', name: 'even' }),
        layers.batchNormalization({ name: 'normal' }),
        layers.maxPooling1d({ poolSize: 2, name: 'pool' }),
        layers.averagePooling1d({ poolSize: 3, strides: 2, padding: 'same', name: 'mean' }),
        layers.layerNormalization({ name: 'norm' }),
        layers.permute({ dims: [2, 1], name: 'swap' }),
        layers.reshape({ targetShape: [2, 6], name: 'shape' }),
        layers.globalMaxPooling1d({ name: 'largest' }),
        layers.repeatVector({ n: 2, name: 'twice' }),
        layers.prelu({ sharedAxes: [1], name: 'prelu' }),
        layers.globalAveragePooling1d({ name: 'average' }),
        dense(2, 'out'),
      ),
  },
  recurrent: {
    make: () =>
      chain(
        layers.embedding({ inputDim: 7, outputDim: 4, inputLength: 5, name: 'words' }),
        layers.lstm({ units: 5, recurrentActivation: 'sigmoid', returnSequences: true, name: 'lstm' }),
        layers.lstm({ units: 4, returnSequences: true, name: 'hard' }),
        dropoutLSTM({ units: 4, keepProb: 0.8, recurrentKeepProb: 0.7, returnSequences: true, name: 'dropped' }),
        layers.gru({ units: 4, returnSequences: true, name: 'before' }),
        dropoutGRU({
          units: 4,
          recurrentActivation: 'sigmoid',
          resetAfter: true,
          returnSequences: true,
          name: 'behind',
        }),
        layers.simpleRNN({ units: 4, returnSequences: true, goBackwards: true, name: 'simple' }),
        layers.bidirectional({
          layer: layers.gru({ units: 3, returnSequences: true, name: 'inner' }) as tfl.RNN,
          mergeMode: 'concat',
          name: 'both',
        }),
        layers.bidirectional({
          layer: layers.lstm({ units: 3, recurrentActivation: 'sigmoid', name: 'last' }) as tfl.RNN,
          mergeMode: 'sum',
          name: 'sum',
        }),
        dense(2, 'out'),
      ),
    words: 7,
  },
  frames: {
    make: () =>
      chain(
        layers.timeDistributed({
          layer: layers.conv2d({ filters: 2, kernelSize: 3, activation: 'relu', name: 'conv' }),
          name: 'each',
          inputShape: [3, 6, 5, 2],
        }),
        layers.timeDistributed({ layer: layers.flatten({ name: 'flat' }), name: 'flatten' }),
        layers.simpleRNN({ units: 3, activation: 'relu', name: 'rnn' }),
        dense(2, 'out'),
      ),
  },
  approximate: {
    make: () => chain(dense(3, 'out', { inputShape: [4], activation: 'gelu_new' as 'gelu' })),
  },
  residual: { make: residual },
  shared: { make: shared },
  states: { make: states },
};
