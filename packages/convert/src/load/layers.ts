/** The settings that each layer of TensorFlow.js, or our layer of that name, takes, under the names of Keras, and those supported only at the default of Keras. */

/** How one class is translated. */
export interface Rule {
  /** Settings that are kept as they are. */
  readonly keep: readonly string[];
  /** Settings that TensorFlow.js does not have: with any other value, the layer would compute something else. Null means "not given". */
  readonly only?: Readonly<Record<string, unknown>>;
  /** Settings that are numbers, or lists of them of any length. */
  readonly numbers?: readonly string[];
  /** Settings with another name in TensorFlow.js. */
  readonly rename?: Readonly<Record<string, string>>;
  /** Weights that may have initializers, regularizers and constraints: `kernel` for `kernel_regularizer`. */
  readonly weights?: readonly string[];
  /** Whether its weights are in the group of its cell, of its directions or of its inner layer in the file. */
  readonly inside?: 'cell' | 'directions' | 'layer';
}

const words = (text: string): readonly string[] => text.split(' ');

const active = 'activation use_bias';
const space = 'kernel_size strides padding data_format dilation_rate';
const biased = words('kernel bias');
const oneGroup = { groups: 1 };

const convolution: Rule = { keep: words(`filters ${space} ${active}`), only: oneGroup, weights: biased };
const transposed: Rule = {
  keep: words(`filters kernel_size strides padding data_format ${active}`),
  only: { output_padding: null, dilation_rate: 1 },
  weights: biased,
};
const pooling: Rule = { keep: words('pool_size strides padding data_format') };
const pooling1D: Rule = { keep: words('pool_size strides padding'), only: { data_format: 'channels_last' } };
const global: Rule = { keep: ['data_format'], only: { keepdims: false } };
const global1D: Rule = { keep: [], only: { keepdims: false, data_format: 'channels_last' } };
const dropout: Rule = { keep: words('rate noise_shape') };
const spatial: Rule = { keep: words('rate data_format') };
const merge: Rule = { keep: [] };
const recurrent = `units ${active} return_sequences return_state go_backwards stateful unroll dropout recurrent_dropout`;
const wholeSequences = { zero_output_for_mask: false, time_major: false };
const ofCell = words('kernel recurrent bias');

export const rules: Readonly<Record<string, Rule>> = {
  Activation: { keep: ['activation'] },
  ActivityRegularization: { keep: words('l1 l2') },
  Add: merge,
  AlphaDropout: dropout,
  Average: merge,
  AveragePooling1D: pooling1D,
  AveragePooling2D: pooling,
  AveragePooling3D: pooling,
  BatchNormalization: {
    keep: words('axis momentum epsilon center scale'),
    only: { renorm: false },
    weights: words('beta gamma moving_mean moving_variance'),
  },
  Bidirectional: { keep: ['merge_mode'], only: { backward_layer: null }, inside: 'directions' },
  Concatenate: { keep: ['axis'] },
  Conv1D: convolution,
  Conv2D: convolution,
  Conv2DTranspose: transposed,
  Conv3D: convolution,
  Conv3DTranspose: transposed,
  Cropping2D: { keep: words('cropping data_format') },
  Dense: { keep: words(`units ${active}`), weights: biased },
  DepthwiseConv2D: { keep: words(`${space} depth_multiplier ${active}`), weights: words('depthwise bias') },
  Dot: { keep: words('axes normalize') },
  Dropout: dropout,
  ELU: { keep: [], only: { alpha: 1 } },
  Embedding: {
    keep: words('input_dim output_dim mask_zero input_length'),
    weights: ['embeddings'],
  },
  Flatten: { keep: ['data_format'] },
  GRU: {
    keep: words(`${recurrent} recurrent_activation reset_after`),
    only: wholeSequences,
    weights: ofCell,
    inside: 'cell',
  },
  GaussianDropout: { keep: ['rate'] },
  GaussianNoise: { keep: ['stddev'] },
  GlobalAveragePooling1D: global1D,
  GlobalAveragePooling2D: global,
  GlobalMaxPooling1D: global1D,
  GlobalMaxPooling2D: global,
  LSTM: {
    keep: words(`${recurrent} recurrent_activation unit_forget_bias`),
    only: wholeSequences,
    weights: ofCell,
    inside: 'cell',
  },
  LayerNormalization: {
    keep: words('axis epsilon center scale'),
    only: { rms_scaling: false },
    weights: words('beta gamma'),
  },
  LeakyReLU: { keep: words('alpha negative_slope'), rename: { negative_slope: 'alpha' } },
  Masking: { keep: ['mask_value'] },
  MaxPooling1D: pooling1D,
  MaxPooling2D: pooling,
  MaxPooling3D: pooling,
  Maximum: merge,
  Minimum: merge,
  Multiply: merge,
  Normalization: { keep: words('axis invert'), numbers: words('mean variance') },
  PReLU: { keep: ['shared_axes'], weights: ['alpha'] },
  Permute: { keep: ['dims'] },
  ReLU: { keep: ['max_value'], only: { negative_slope: 0, threshold: 0 } },
  RepeatVector: { keep: ['n'] },
  Rescaling: { keep: words('scale offset') },
  Reshape: { keep: ['target_shape'] },
  SeparableConv2D: {
    keep: words(`filters ${space} depth_multiplier ${active}`),
    weights: words('depthwise pointwise bias'),
  },
  SimpleRNN: { keep: words(recurrent), only: wholeSequences, weights: ofCell, inside: 'cell' },
  Softmax: { keep: ['axis'] },
  SpatialDropout1D: { keep: ['rate'] },
  SpatialDropout2D: spatial,
  SpatialDropout3D: spatial,
  ThresholdedReLU: { keep: ['theta'] },
  TimeDistributed: { keep: [], inside: 'layer' },
  UpSampling2D: { keep: words('size data_format'), only: { interpolation: 'nearest' } },
  ZeroPadding2D: { keep: words('padding data_format') },
};

/** Defaults of Keras 3 that differ in TensorFlow.js, for files without these settings. */
export const unsaid: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  GRU: { recurrent_activation: 'sigmoid', reset_after: true },
  LSTM: { recurrent_activation: 'sigmoid' },
};
