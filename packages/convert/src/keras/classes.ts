/** How layers are written as Keras calls: which settings by position, and which by name if they differ from the default of Keras. */

/** How one class is written. */
export interface Written {
  /** The class in Keras, if it has another name. */
  readonly as?: string;
  /** Settings written first, without a name. */
  readonly first?: readonly string[];
  /** The defaults of Keras for the other settings, which are written only if they differ. A setting that is not listed here is not written. */
  readonly more?: Readonly<Record<string, unknown>>;
  /** Names of settings in Keras, if they are not the same name in snake case. */
  readonly names?: Readonly<Record<string, string>>;
}

const bias = { useBias: true };
const active = { activation: 'linear', ...bias };
const window = { padding: 'valid', dataFormat: 'channelsLast' };

const convolution = (ones: readonly number[]): Written => ({
  first: ['filters', 'kernelSize'],
  more: { strides: ones, ...window, dilationRate: ones, ...active },
});
const pooling: Written = { first: ['poolSize'], more: { strides: null, ...window } };
const dropout: Written = { first: ['rate'], more: { noiseShape: null } };
const spatial: Written = { first: ['rate'], more: { dataFormat: 'channelsLast' } };
const global: Written = { more: { dataFormat: 'channelsLast' } };

const recurrent = {
  activation: 'tanh',
  ...bias,
  returnSequences: false,
  returnState: false,
  goBackwards: false,
  stateful: false,
  dropout: 0,
  recurrentDropout: 0,
};
const gated = { recurrentActivation: 'sigmoid', ...recurrent };

export const classes: Readonly<Record<string, Written>> = {
  Activation: { first: ['activation'] },
  ActivityRegularization: { more: { l1: 0, l2: 0 } },
  Add: {},
  AlphaDropout: dropout,
  Average: {},
  AveragePooling1D: pooling,
  AveragePooling2D: pooling,
  AveragePooling3D: pooling,
  BatchNormalization: { more: { axis: -1, momentum: 0.99, epsilon: 1e-3, center: true, scale: true } },
  Concatenate: { more: { axis: -1 } },
  Conv1D: convolution([1]),
  Conv2D: convolution([1, 1]),
  Conv2DTranspose: convolution([1, 1]),
  Conv3D: convolution([1, 1, 1]),
  Conv3DTranspose: convolution([1, 1, 1]),
  Cropping2D: { first: ['cropping'], more: { dataFormat: 'channelsLast' } },
  Dense: { first: ['units'], more: active },
  DepthwiseConv2D: {
    first: ['kernelSize'],
    more: { strides: [1, 1], ...window, dilationRate: [1, 1], depthMultiplier: 1, ...active },
  },
  Dot: { more: { axes: null, normalize: false } },
  Dropout: dropout,
  ELU: { more: { alpha: 1 } },
  Embedding: { first: ['inputDim', 'outputDim'], more: { maskZero: false } },
  Flatten: { more: { dataFormat: 'channelsLast' } },
  GRU: { first: ['units'], more: { ...gated, resetAfter: true } },
  GaussianDropout: { first: ['rate'] },
  GaussianNoise: { first: ['stddev'] },
  GlobalAveragePooling1D: {},
  GlobalAveragePooling2D: global,
  GlobalMaxPooling1D: {},
  GlobalMaxPooling2D: global,
  LSTM: { first: ['units'], more: gated },
  LayerNormalization: { more: { axis: -1, epsilon: 1e-3, center: true, scale: true } },
  LeakyReLU: { more: { alpha: undefined }, names: { alpha: 'negative_slope' } },
  Masking: { more: { maskValue: 0 } },
  MaxPooling1D: pooling,
  MaxPooling2D: pooling,
  MaxPooling3D: pooling,
  Maximum: {},
  Minimum: {},
  Multiply: {},
  Normalization: { more: { axis: -1, mean: null, variance: null, invert: false } },
  PReLU: { more: { sharedAxes: null } },
  Permute: { first: ['dims'] },
  ReLU: { more: { maxValue: null } },
  RepeatVector: { first: ['n'] },
  Rescaling: { first: ['scale'], more: { offset: 0 } },
  Reshape: { first: ['targetShape'] },
  SeparableConv2D: {
    first: ['filters', 'kernelSize'],
    more: { strides: [1, 1], ...window, dilationRate: [1, 1], depthMultiplier: 1, ...active },
  },
  SimpleRNN: { first: ['units'], more: recurrent },
  Softmax: { more: { axis: -1 } },
  SpatialDropout1D: { first: ['rate'] },
  SpatialDropout2D: spatial,
  SpatialDropout3D: spatial,
  ThresholdedReLU: { as: 'ReLU', more: { theta: 0 }, names: { theta: 'threshold' } },
  UpSampling2D: { more: { size: [2, 2], dataFormat: 'channelsLast' } },
  ZeroPadding2D: { first: ['padding'], more: { dataFormat: 'channelsLast' } },
};
