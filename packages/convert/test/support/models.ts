/** Small models that together have every layer that can be exported, with names and weights that are the same each time. */
import {
  alphaDropout,
  concreteDropout,
  dropBlock2D,
  dropConnect,
  dropout,
  dropoutGRU,
  dropoutLSTM,
  dropPath,
  embeddingDropout,
  gaussianNoise,
  register,
  spatialDropout1D,
  spatialDropout2D,
  wordDropout,
} from '@keepprob/dropout';
import { spectralNorm, weightNorm } from '@keepprob/l2';
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { normalization } from '../../src/layers.ts';

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

/** Two texts with gaps: each decoder step knows which words of its own text there are, and the states of the other. */
function masked(): tfl.LayersModel {
  const [source, target] = ['source', 'target'].map(name => tfl.input({ shape: [6], name })) as [
    tfl.SymbolicTensor,
    tfl.SymbolicTensor,
  ];
  const apply = (layer: tfl.layers.Layer, ...inputs: tfl.SymbolicTensor[]) =>
    layer.apply(inputs.length === 1 ? (inputs[0] as tfl.SymbolicTensor) : inputs) as tfl.SymbolicTensor;
  const words = layers.embedding({ inputDim: 5, outputDim: 3, maskZero: true, name: 'words' });
  const [read, write] = [apply(words, source), apply(words, target)];
  const both = layers.bidirectional({
    layer: layers.gru({ units: 2, returnSequences: true, name: 'inner' }) as tfl.RNN,
    mergeMode: 'concat',
    name: 'both',
  });
  const scaled = apply(layers.timeDistributed({ layer: dense(3, 'each'), name: 'steps' }), apply(both, read));
  const beside = apply(layers.concatenate({ name: 'beside' }), scaled, read);
  const lstm = { units: 4, recurrentActivation: 'sigmoid' } as const;
  const reader = layers.lstm({ ...lstm, goBackwards: true, returnState: true, name: 'reader' });
  const [, h, c] = reader.apply(beside) as [tfl.SymbolicTensor, tfl.SymbolicTensor, tfl.SymbolicTensor];
  const written = apply(layers.lstm({ ...lstm, returnSequences: true, name: 'writer' }), write, h, c);
  const joined = apply(layers.concatenate({ name: 'joined' }), written, write);
  const outputs = [apply(layers.timeDistributed({ layer: dense(2, 'words_out'), name: 'out' }), joined), h];
  return fill(tfl.model({ inputs: [source, target], outputs, name: 'net' }));
}

/** A mean and a variance for each column and channel of an image. */
const ofImage = {
  axis: [-1, 2],
  mean: Array.from({ length: 4 }, (_, x) => Array.from({ length: 3 }, (_, c) => x - c / 2)),
  variance: Array.from({ length: 4 }, (_, x) => Array.from({ length: 3 }, (_, c) => (1 + x) / (1 + c))),
};

/** All that the two directions of a layer can give. */
function directions(): tfl.LayersModel {
  const input = tfl.input({ shape: [4, 3], name: 'x' });
  const bidirectional = (name: string, mergeMode: null | 'sum', more: object) =>
    layers.bidirectional({
      layer: layers.lstm({ units: 2, recurrentActivation: 'sigmoid', name: `${name}_cell`, ...more }) as tfl.RNN,
      mergeMode: mergeMode as 'sum',
      name,
    });
  const apart = bidirectional('apart', null, { returnSequences: true }).apply(input) as tfl.SymbolicTensor[];
  const states = bidirectional('states', 'sum', { returnState: true }).apply(apart[0] as tfl.SymbolicTensor);
  const [sum, ...ends] = states as tfl.SymbolicTensor[];
  const begun = bidirectional('begun', 'sum', { returnSequences: true }).apply([
    apart[1] as tfl.SymbolicTensor,
    ...ends,
  ]) as tfl.SymbolicTensor;
  return fill(tfl.model({ inputs: input, outputs: [sum as tfl.SymbolicTensor, ...apart, begun], name: 'net' }));
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
  scaled: {
    make: () => {
      const numbers = tfl.input({ shape: [4], name: 'numbers' });
      const image = tfl.input({ shape: [5, 4, 3], name: 'image' });
      const statistics = { mean: [0.5, -1, 0, 2], variance: [4, 0.25, 1, 9] };
      const on = (layer: tfl.layers.Layer, x: tfl.SymbolicTensor) => layer.apply(x) as tfl.SymbolicTensor;
      const scaled = on(normalization({ ...statistics, name: 'scale' }), numbers);
      const outputs = [
        on(dense(2, 'out'), scaled),
        on(normalization({ ...statistics, invert: true, name: 'back' }), scaled),
        on(normalization({ axis: [], mean: 0.5, variance: 4, name: 'all' }), numbers),
        on(layers.flatten({ name: 'flat' }), on(normalization({ ...ofImage, name: 'pixels' }), image)),
        on(normalization({ axis: 2, mean: [1, 2, 3, 4], variance: [4, 3, 2, 1], name: 'columns' }), image),
        on(layers.rescaling({ scale: 2, offset: -1, name: 'range' }), image),
        on(layers.rescaling({ scale: [1, 2, 3], offset: [0, 0.5, 1], name: 'channels' } as never), image),
      ];
      return fill(tfl.model({ inputs: [numbers, image], outputs, name: 'net' }));
    },
  },
  approximate: {
    make: () => chain(dense(3, 'out', { inputShape: [4], activation: 'gelu_new' as 'gelu' })),
  },
  residual: { make: residual },
  shared: { make: shared },
  states: { make: states },
  masked: { make: masked, words: 5 },
  padded: {
    make: () => {
      register();
      return chain(
        layers.masking({ maskValue: 0, name: 'gaps', inputShape: [6, 2] }),
        layers.dropout({ rate: 0.2, name: 'drop' }),
        dropoutLSTM({ units: 3, keepProb: 0.8, recurrentKeepProb: 0.7, returnSequences: true, name: 'first' }),
        dropoutGRU({ units: 3, keepProb: 0.9, resetAfter: true, returnSequences: true, name: 'second' }),
        layers.bidirectional({
          layer: dropoutLSTM({ units: 2, keepProb: 0.8, name: 'inner' }),
          mergeMode: 'ave',
          name: 'both',
        }),
        dense(2, 'out'),
      );
    },
  },
  stale: {
    make: () =>
      chain(
        layers.embedding({ inputDim: 5, outputDim: 3, maskZero: true, inputLength: 4, name: 'words' }),
        layers.lstm({ units: 3, name: 'reader' }),
        layers.repeatVector({ n: 4, name: 'again' }),
        layers.lstm({ units: 2, returnSequences: true, name: 'writer' }),
        layers.timeDistributed({ layer: dense(2, 'each'), name: 'steps' }),
      ),
    words: 5,
  },
  directions: { make: directions },
  ours: {
    make: () =>
      chain(
        wordDropout({ rate: 0.2, inputShape: [5], name: 'unknown' }),
        embeddingDropout(layers.embedding({ inputDim: 7, outputDim: 4, name: 'table' }), { rate: 0.1, name: 'words' }),
        spatialDropout1D({ rate: 0.2, name: 'channels' }),
        weightNorm(layers.conv1d({ filters: 3, kernelSize: 2, name: 'conv' }), { name: 'normed' }),
        dropConnect(layers.lstm({ units: 3, recurrentActivation: 'sigmoid', name: 'cell' }), {
          rate: 0.3,
          roles: ['recurrent'],
          name: 'dropped',
        }),
        spectralNorm(dense(4, 'spectral', { activation: 'relu' }), { powerIterations: 2, name: 'stretched' }),
        concreteDropout({ fixedKeepProb: 0.7, name: 'fixed' }),
        weightNorm(dense(2, 'lengths'), { name: 'out' }),
      ),
    words: 7,
  },
  maps: {
    make: () =>
      chain(
        spectralNorm(layers.conv2d({ filters: 3, kernelSize: [3, 2], name: 'conv' }), { name: 'stretched', ...image }),
        dropBlock2D({ rate: 0.1, blockSize: 2, name: 'blocks' }),
        weightNorm(layers.conv2dTranspose({ filters: 2, kernelSize: 2, strides: 2, name: 'up' }), { name: 'normed' }),
        dropConnect(layers.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2, name: 'depth' }), {
          rate: 0.2,
          name: 'dropped',
        }),
        layers.flatten({ name: 'flat' }),
        dense(2, 'out'),
      ),
  },
  inside: {
    make: () =>
      chain(
        layers.timeDistributed({
          layer: layers.timeDistributed({ layer: dense(2, 'deep', { activation: 'tanh' }), name: 'inner' }),
          name: 'outer',
          inputShape: [2, 3, 4],
        }),
        layers.timeDistributed({ layer: layers.lstm({ units: 2, name: 'each' }) as tfl.RNN, name: 'rows' }),
        layers.timeDistributed({
          layer: tfl.sequential({
            name: 'small',
            layers: [dense(3, 'first', { inputShape: [2] }), dense(1, 'second')],
          }),
          name: 'models',
        }),
        layers.flatten({ name: 'flat' }),
      ),
  },
};
