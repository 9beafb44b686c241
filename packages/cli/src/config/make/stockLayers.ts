/**
 * Layers of TF.js that a chain can contain, by the names of their factories, each with its own arguments. TF.js ignores unknown arguments, so a typo would go
 * unnoticed; the types ensure that every list is complete.
 */
import * as tf from '@tensorflow/tfjs';

type Factories = typeof tf.layers;
type LayerArguments = NonNullable<Parameters<Factories['maximum']>[0]>;
type Arguments<N extends keyof Factories> = Factories[N] extends (args: infer A) => unknown
  ? Exclude<keyof NonNullable<A>, keyof LayerArguments | 'cell' | 'dropoutFunc'>
  : never;
type Lists = { readonly [N in keyof Factories]?: Readonly<Record<Arguments<N>, 1>> };

/** Arguments of every layer. */
export const layerArguments: Readonly<Record<Exclude<keyof LayerArguments, 'weights'>, 1>> = {
  inputShape: 1,
  batchInputShape: 1,
  batchSize: 1,
  dtype: 1,
  name: 1,
  trainable: 1,
  inputDType: 1,
};

const kernel = { kernelInitializer: 1, kernelRegularizer: 1, kernelConstraint: 1 } as const;
const bias = { useBias: 1, biasInitializer: 1, biasRegularizer: 1, biasConstraint: 1 } as const;
const activity = { activation: 1, activityRegularizer: 1 } as const;
const window = { kernelSize: 1, strides: 1, padding: 1, dataFormat: 1, dilationRate: 1 } as const;
const conv = { filters: 1, ...window, ...kernel, ...bias, ...activity } as const;
const depthwise = { depthwiseInitializer: 1, depthwiseRegularizer: 1, depthwiseConstraint: 1 } as const;
const recurrence = {
  recurrentInitializer: 1,
  recurrentRegularizer: 1,
  recurrentConstraint: 1,
  dropout: 1,
  recurrentDropout: 1,
  returnSequences: 1,
  returnState: 1,
  goBackwards: 1,
  stateful: 1,
  unroll: 1,
  inputDim: 1,
  inputLength: 1,
  ...kernel,
  ...bias,
  activation: 1,
} as const;
const recurrent = { units: 1, ...recurrence } as const;
const pool1d = { poolSize: 1, strides: 1, padding: 1 } as const;
const pool = { ...pool1d, dataFormat: 1 } as const;
const global = { dataFormat: 1 } as const;
const normalization = {
  axis: 1,
  epsilon: 1,
  center: 1,
  scale: 1,
  betaInitializer: 1,
  gammaInitializer: 1,
  betaRegularizer: 1,
  gammaRegularizer: 1,
} as const;

export const stockLayers = {
  activation: { activation: 1 },
  averagePooling1d: pool1d,
  averagePooling2d: pool,
  averagePooling3d: pool,
  batchNormalization: {
    ...normalization,
    momentum: 1,
    movingMeanInitializer: 1,
    movingVarianceInitializer: 1,
    betaConstraint: 1,
    gammaConstraint: 1,
  },
  categoryEncoding: { numTokens: 1, outputMode: 1 },
  centerCrop: { height: 1, width: 1 },
  conv1d: conv,
  conv2d: conv,
  conv2dTranspose: conv,
  conv3d: conv,
  conv3dTranspose: conv,
  convLstm2d: { filters: 1, ...window, ...recurrence, recurrentActivation: 1, unitForgetBias: 1, implementation: 1 },
  cropping2D: { cropping: 1, dataFormat: 1 },
  dense: { units: 1, inputDim: 1, ...kernel, ...bias, ...activity },
  depthwiseConv2d: { depthMultiplier: 1, ...window, ...depthwise, ...kernel, ...bias, ...activity },
  elu: { alpha: 1 },
  embedding: {
    inputDim: 1,
    outputDim: 1,
    embeddingsInitializer: 1,
    embeddingsRegularizer: 1,
    activityRegularizer: 1,
    embeddingsConstraint: 1,
    maskZero: 1,
    inputLength: 1,
  },
  flatten: { dataFormat: 1 },
  globalAveragePooling1d: {},
  globalAveragePooling2d: global,
  globalMaxPooling1d: {},
  globalMaxPooling2d: global,
  gru: { ...recurrent, recurrentActivation: 1, implementation: 1 },
  layerNormalization: normalization,
  leakyReLU: { alpha: 1 },
  lstm: { ...recurrent, recurrentActivation: 1, unitForgetBias: 1, implementation: 1 },
  masking: { maskValue: 1 },
  maxPooling1d: pool1d,
  maxPooling2d: pool,
  maxPooling3d: pool,
  permute: { dims: 1 },
  prelu: { alphaInitializer: 1, alphaRegularizer: 1, alphaConstraint: 1, sharedAxes: 1 },
  reLU: { maxValue: 1 },
  repeatVector: { n: 1 },
  rescaling: { scale: 1, offset: 1 },
  reshape: { targetShape: 1 },
  resizing: { height: 1, width: 1, interpolation: 1, cropToAspectRatio: 1 },
  separableConv2d: {
    ...conv,
    ...depthwise,
    depthMultiplier: 1,
    pointwiseInitializer: 1,
    pointwiseRegularizer: 1,
    pointwiseConstraint: 1,
  },
  simpleRNN: recurrent,
  softmax: { axis: 1 },
  thresholdedReLU: { theta: 1 },
  upSampling2d: { size: 1, dataFormat: 1, interpolation: 1 },
  zeroPadding2d: { padding: 1, dataFormat: 1 },
} as const satisfies Lists;

export type StockLayer = keyof typeof stockLayers;

export const makeStock = (name: StockLayer, options: object): tf.layers.Layer =>
  (tf.layers[name] as (args: never) => tf.layers.Layer)(options as never);
