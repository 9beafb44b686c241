/** Every class of layers of TF.js, with random configs and shapes of its inputs. */
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';

type Layer = tf.layers.Layer;
type Shape = readonly number[];

/** A layer to be made, and what it is called with. */
export interface LayerCase {
  readonly make: () => Layer;
  readonly shapes: readonly Shape[];
  /** Inputs are integers from 0 to below this: indices of an embedding. */
  readonly below?: number;
  /** What the call is told. */
  readonly training?: boolean;
  /** Whether the result has no gradient by the input: it is an index, or stock TF.js has no gradient. */
  readonly isConstant?: boolean;
  /** Whether stock TF.js has no gradient by the weights either, or a wrong one. */
  readonly isForward?: boolean;
  readonly text: string;
}

type Cases = fc.Arbitrary<LayerCase>;

const size = (max = 5): fc.Arbitrary<number> => fc.integer({ min: 1, max });
const bool = fc.boolean();
const activation = fc.constantFrom(
  ...(['linear', 'relu', 'tanh', 'sigmoid', 'hardSigmoid', 'elu', 'selu', 'softplus', 'softsign', 'swish'] as const),
);
const training = fc.record({ training: bool });
/** The batch and as many further dimensions. */
const shaped = (rank: number, max = 5): fc.Arbitrary<number[]> =>
  fc.tuple(size(3), ...Array.from({ length: rank }, () => size(max)));

/** A layer of one input, by its factory and its arguments. */
const one = <A extends object>(
  factory: (args: never) => Layer,
  args: fc.Arbitrary<A>,
  shape: fc.Arbitrary<number[]>,
  more: Partial<LayerCase> = {},
): Cases =>
  fc.tuple(args, shape, training).map(([args, shape, told]) => ({
    make: () => factory(args as never),
    shapes: [shape],
    ...told,
    ...more,
    text: JSON.stringify({ args, shape, ...told }),
  }));

/** A layer of several inputs of one shape. */
const several = (factory: (args?: never) => Layer): Cases =>
  fc.tuple(fc.integer({ min: 2, max: 3 }), shaped(2)).map(([inputs, shape]) => ({
    make: () => factory(),
    shapes: Array.from({ length: inputs }, () => shape),
    text: JSON.stringify({ inputs, shape }),
  }));

const none = fc.constant({});
const anyRank = fc.integer({ min: 1, max: 3 }).chain(rank => shaped(rank));

/** Of a sequence with more than one step: those of one step do not train in stock TF.js. */
const sequence = fc.tuple(size(3), fc.integer({ min: 2, max: 5 }), size()).map(shape => [...shape]);

/** TF.js has no gradients of dilated convolutions. */
const dilatedForward = (cases: Cases): Cases =>
  cases.map(given => (given.text.includes('dilation') ? { ...given, isForward: true } : given));

/** Strides or a dilation, not both: TF.js refuses them together. */
const window = (dimensions: number) =>
  fc
    .record({
      kernelSize: fc.array(size(3), { minLength: dimensions, maxLength: dimensions }),
      strides: fc.array(size(2), { minLength: dimensions, maxLength: dimensions }),
      dilation: size(2),
      padding: fc.constantFrom('same', 'valid'),
      useBias: bool,
      activation,
    })
    .map(({ dilation, ...rest }) =>
      dilation > 1
        ? { ...rest, strides: rest.strides.map(() => 1), dilationRate: rest.strides.map(() => dilation) }
        : rest,
    );
/** Large enough for windows of 3 with a dilation of 2. */
const image = (dimensions: number): fc.Arbitrary<number[]> =>
  fc
    .tuple(size(2), fc.array(fc.integer({ min: 5, max: 7 }), { minLength: dimensions, maxLength: dimensions }), size(3))
    .map(([batch, sizes, channels]) => [batch, ...sizes, channels]);
const filters = { filters: size(4) };
const convolution = (dimensions: number) =>
  fc.tuple(window(dimensions), fc.record(filters)).map(([a, b]) => ({ ...a, ...b }));
const undilated = <A extends { strides: number[] }>(args: fc.Arbitrary<A>) =>
  args.map(({ dilationRate: _, ...rest }: A & { dilationRate?: unknown }) => rest);
/** Filters whose strides are one number: of depthwise convolutions and of pooling images TF.js takes no others. */
const square = <A extends { strides: number[] }>(args: fc.Arbitrary<A>) =>
  args.map(given => ({ ...given, strides: given.strides.map(() => given.strides[0]!) }));
const pool = (dimensions: number) =>
  fc.record({
    poolSize: fc.array(size(3), { minLength: dimensions, maxLength: dimensions }),
    strides: fc.array(size(2), { minLength: dimensions, maxLength: dimensions }),
    padding: fc.constantFrom('same', 'valid'),
  });
const ofOne = <A extends { poolSize: number[]; strides: number[] }>(args: fc.Arbitrary<A>) =>
  args.map(given => ({ ...given, poolSize: given.poolSize[0], strides: given.strides[0] }));

const cubes = <A extends { poolSize: number[] }>(args: fc.Arbitrary<A>) =>
  args.map(given => ({ ...given, poolSize: given.poolSize.map(() => given.poolSize[0]!) }));

const recurrent = fc.record({
  units: size(4),
  returnSequences: bool,
  goBackwards: bool,
  useBias: bool,
  activation: fc.constantFrom('tanh', 'relu'),
});
const gated = fc.tuple(recurrent, fc.record({ recurrentActivation: fc.constantFrom('sigmoid', 'hardSigmoid') }));
const both = <A, B>(args: fc.Arbitrary<[A, B]>) => args.map(([a, b]) => ({ ...a, ...b }));

/** A cell is called by a layer around it. */
const cell = (make: (units: number) => object): Cases =>
  one(
    ({ units }: { units: number }) => tf.layers.rnn({ cell: make(units) as never }),
    fc.record({ units: size(4) }),
    sequence,
  );

const convLSTM = one(
  tf.layers.convLstm2d,
  fc.record({
    filters: size(2),
    kernelSize: fc.constantFrom(1, 2, 3),
    padding: fc.constantFrom('same', 'valid'),
    returnSequences: bool,
  }),
  fc
    .tuple(size(2), fc.integer({ min: 2, max: 3 }), image(2))
    .map(([batch, steps, [, ...rest]]) => [batch, steps, ...rest]),
);

/** By class name. */
export const everyLayer: Readonly<Record<string, Cases>> = {
  Activation: one(tf.layers.activation, fc.record({ activation }), anyRank),
  ReLU: one(tf.layers.reLU, fc.record({ maxValue: fc.constantFrom(0.5, 6) }), anyRank),
  LeakyReLU: one(tf.layers.leakyReLU, fc.record({ alpha: fc.constantFrom(0.1, 0.3) }), anyRank),
  PReLU: one(tf.layers.prelu, none, shaped(2)),
  ELU: one(tf.layers.elu, none, anyRank),
  ThresholdedReLU: one(tf.layers.thresholdedReLU, fc.record({ theta: fc.constantFrom(0.1, 0.5) }), anyRank, {
    isForward: true,
  }),
  Softmax: one(tf.layers.softmax, fc.constant({ axis: -1 }), shaped(2)),
  Dense: one(tf.layers.dense, fc.record({ units: size(9), useBias: bool, activation }), anyRank),
  Dropout: one(tf.layers.dropout, fc.record({ rate: fc.constantFrom(0.2, 0.5), seed: fc.nat(99) }), anyRank),
  // noise without a seed: at inference alone
  SpatialDropout1D: one(tf.layers.spatialDropout1d, fc.record({ rate: fc.constant(0.5), seed: fc.nat(99) }), shaped(2)),
  GaussianNoise: one(tf.layers.gaussianNoise, fc.constant({ stddev: 1 }), anyRank, { training: false }),
  GaussianDropout: one(tf.layers.gaussianDropout, fc.constant({ rate: 0.5 }), anyRank, { training: false }),
  AlphaDropout: one(tf.layers.alphaDropout, fc.constant({ rate: 0.5 }), anyRank, { training: false }),
  Flatten: one(tf.layers.flatten, none, shaped(3)),
  RepeatVector: one(tf.layers.repeatVector, fc.record({ n: size() }), shaped(1)),
  Reshape: one(tf.layers.reshape, fc.constant({ targetShape: [-1, 1] }), anyRank),
  Permute: one(tf.layers.permute, fc.constantFrom({ dims: [1, 2] }, { dims: [2, 1] }), shaped(2)),
  Masking: one(tf.layers.masking, none, shaped(2), { isForward: true }),
  Embedding: one(
    tf.layers.embedding,
    fc.record({ inputDim: fc.constant(6), outputDim: size() }),
    fc.integer({ min: 1, max: 2 }).chain(rank => shaped(rank)),
    { below: 6, isConstant: true },
  ),
  Add: several(tf.layers.add),
  Average: several(tf.layers.average),
  Maximum: several(tf.layers.maximum),
  Minimum: several(tf.layers.minimum),
  Multiply: several(tf.layers.multiply),
  Concatenate: several(tf.layers.concatenate),
  Dot: fc.tuple(size(3), size(), size(), size(), bool).map(([batch, a, b, k, normalize]) => ({
    make: () => tf.layers.dot({ axes: [2, 2], normalize }),
    shapes: [
      [batch, a, k],
      [batch, b, k],
    ],
    text: JSON.stringify({ batch, a, b, k, normalize }),
  })),
  BatchNormalization: one(
    tf.layers.batchNormalization,
    fc.record({ epsilon: fc.constantFrom(1e-3, 0.1), momentum: fc.constantFrom(0.5, 0.99) }),
    // of one number there is no variance: a gradient of rounding errors
    fc.tuple(fc.integer({ min: 3, max: 5 }), size(), size(4)).map(shape => [...shape]),
  ),
  LayerNormalization: one(
    tf.layers.layerNormalization,
    fc.record({ epsilon: fc.constantFrom(1e-3, 0.1) }),
    fc.tuple(size(3), size(), fc.integer({ min: 3, max: 7 })).map(shape => [...shape]),
  ),
  Conv1D: dilatedForward(one(tf.layers.conv1d, convolution(1), image(1))),
  Conv2D: dilatedForward(one(tf.layers.conv2d, convolution(2), image(2))),
  Conv3D: one(tf.layers.conv3d, undilated(convolution(3)), image(3)),
  Conv2DTranspose: one(tf.layers.conv2dTranspose, undilated(convolution(2)), image(2)),
  Conv3DTranspose: one(tf.layers.conv3dTranspose, undilated(convolution(3)), image(3), { isForward: true }),
  SeparableConv2D: one(
    tf.layers.separableConv2d,
    both(fc.tuple(square(undilated(convolution(2))), fc.record({ depthMultiplier: size(2) }))),
    image(2),
  ),
  DepthwiseConv2D: one(
    tf.layers.depthwiseConv2d,
    both(fc.tuple(square(undilated(window(2))), fc.record({ depthMultiplier: size(2) }))),
    image(2),
  ),
  Cropping2D: one(tf.layers.cropping2D, fc.constant({ cropping: [[1, 0], [1, 2]] }), image(2)), // biome-ignore format: pairs
  ZeroPadding2D: one(tf.layers.zeroPadding2d, fc.constant({ padding: [[1, 0], [1, 2]] }), image(2)), // biome-ignore format: pairs
  // what is enlarged or made smaller: TF.js' gradients swap height and width, or are those of other pixels on wasm
  UpSampling2D: one(
    tf.layers.upSampling2d,
    fc.record({ size: fc.constantFrom([2, 2], [1, 3]), interpolation: fc.constantFrom('nearest', 'bilinear') }),
    image(2),
    { isForward: true },
  ),
  AveragePooling1D: one(tf.layers.averagePooling1d, ofOne(pool(1)), image(1)),
  AveragePooling2D: one(tf.layers.averagePooling2d, pool(2), image(2)),
  AveragePooling3D: one(tf.layers.averagePooling3d, pool(3), image(3)),
  MaxPooling1D: one(tf.layers.maxPooling1d, ofOne(pool(1)), image(1)),
  MaxPooling2D: one(tf.layers.maxPooling2d, pool(2), image(2)),
  // cubes: stock cpu has wrong gradients where a window has sides of different lengths
  MaxPooling3D: one(tf.layers.maxPooling3d, cubes(pool(3)), image(3)),
  GlobalAveragePooling1D: one(tf.layers.globalAveragePooling1d, none, image(1)),
  GlobalAveragePooling2D: one(tf.layers.globalAveragePooling2d, none, image(2)),
  GlobalMaxPooling1D: one(tf.layers.globalMaxPooling1d, none, image(1)),
  GlobalMaxPooling2D: one(tf.layers.globalMaxPooling2d, none, image(2)),
  LSTM: one(tf.layers.lstm, both(gated), sequence),
  GRU: one(tf.layers.gru, both(gated), sequence),
  SimpleRNN: one(tf.layers.simpleRNN, recurrent, sequence),
  LSTMCell: cell(units => tf.layers.lstmCell({ units })),
  GRUCell: cell(units => tf.layers.gruCell({ units })),
  SimpleRNNCell: cell(units => tf.layers.simpleRNNCell({ units })),
  RNN: cell(units => tf.layers.simpleRNNCell({ units, activation: 'sigmoid' })),
  StackedRNNCells: cell(units =>
    tf.layers.stackedRNNCells({ cells: [tf.layers.lstmCell({ units }), tf.layers.gruCell({ units: 2 })] as never }),
  ),
  ConvLSTM2D: convLSTM,
  // no other layer calls it
  ConvLSTM2DCell: convLSTM,
  Bidirectional: one(
    ({ mergeMode, units }: { mergeMode: 'sum'; units: number }) =>
      tf.layers.bidirectional({ layer: tf.layers.lstm({ units, returnSequences: true }), mergeMode }),
    fc.record({ units: size(3), mergeMode: fc.constantFrom('sum', 'mul', 'concat', 'ave') }),
    sequence,
  ),
  TimeDistributed: one(
    ({ units }: { units: number }) =>
      tf.layers.timeDistributed({ layer: tf.layers.dense({ units, activation: 'tanh' }) }),
    fc.record({ units: size() }),
    shaped(2),
  ),
  Rescaling: one(tf.layers.rescaling, fc.constant({ scale: 0.5, offset: 1 }), anyRank),
  CenterCrop: one(tf.layers.centerCrop, fc.constant({ height: 3, width: 2 }), image(2), { isForward: true }),
  Resizing: one(
    tf.layers.resizing,
    fc.record({
      height: fc.constantFrom(3, 9),
      width: fc.constantFrom(4, 8),
      interpolation: fc.constantFrom('nearest', 'bilinear'),
    }),
    image(2),
    { isForward: true },
  ),
  CategoryEncoding: one(
    tf.layers.categoryEncoding,
    fc.record({ numTokens: fc.constant(6), outputMode: fc.constantFrom('multiHot', 'count') }),
    shaped(1),
    { below: 6, isConstant: true },
  ),
};
