/** Every plugin of every family, with the options that one would begin with. */
import * as augment from '@keepprob/augment';
import * as averaging from '@keepprob/averaging';
import type { Plugins } from '@keepprob/core';
import * as dropout from '@keepprob/dropout';
import * as gradients from '@keepprob/gradients';
import * as l1 from '@keepprob/l1';
import * as l2 from '@keepprob/l2';
import * as schedules from '@keepprob/schedules';
import * as tf from '@tensorflow/tfjs';
import type { NetName, Parts } from './costNets.ts';

export interface Case {
  readonly net: NetName;
  /** Training plugins, made for the model. */
  readonly plugins?: (model: tf.LayersModel) => Plugins;
  /** Layer plugins. */
  readonly parts?: Parts;
  /** What the net that it is compared with has. */
  readonly plain?: Parts;
  /** Why it costs more than a tenth of the step, where it does. */
  readonly why?: string;
}
type Cases = Readonly<Record<string, Case>>;

const keepProb = 0.8;

const layers: Cases = {
  dropout: { net: 'mlp', parts: { behind: () => dropout.dropout({ keepProb: 0.5 }) } },
  alphaDropout: {
    net: 'mlp',
    parts: { behind: () => dropout.alphaDropout({ keepProb }) },
    why: 'the mask is drawn in JavaScript once more, for the value in place of what is dropped',
  },
  gaussianDropout: {
    net: 'mlp',
    parts: { behind: () => dropout.gaussianDropout({ keepProb }) },
    why: 'a normal number for each activation, forward and backward',
  },
  gaussianNoise: {
    net: 'mlp',
    parts: { first: () => dropout.gaussianNoise({ stddev: 0.1 }) },
    why: 'a normal number for each activation',
  },
  concreteDropout: {
    net: 'mlp',
    parts: { behind: () => dropout.concreteDropout({}) },
    why: 'a logarithm and a sigmoid for each activation, and their gradients',
  },
  dropConnect: { net: 'mlp', parts: { around: layer => dropout.dropConnect(layer, { keepProb }) } },
  rDrop: {
    net: 'mlp',
    plugins: () => dropout.rDrop(1),
    parts: { behind: () => dropout.dropout({ keepProb }) },
    why: 'two passes, forward and backward',
  },
  spatialDropout2D: { net: 'cnn', parts: { behind: () => dropout.spatialDropout2D({ keepProb }) } },
  featureAlphaDropout: { net: 'cnn', parts: { behind: () => dropout.featureAlphaDropout({ keepProb }) } },
  dropBlock2D: {
    net: 'cnn',
    parts: { behind: () => dropout.dropBlock2D({ keepProb, blockSize: 3 }) },
    why: 'the mask is made in JavaScript',
  },
  dropPath: { net: 'cnn', parts: { behind: () => dropout.dropPath({ keepProb }) } },
  spatialDropout1D: { net: 'text', parts: { behind: () => dropout.spatialDropout1D({ keepProb }) } },
  wordDropout: { net: 'text', parts: { first: () => dropout.wordDropout({ keepProb }) } },
  embeddingDropout: {
    net: 'text',
    parts: { aroundEmbedding: embedding => dropout.embeddingDropout(embedding, { keepProb }) },
  },
  dropoutLSTM: {
    net: 'text',
    parts: { recurrent: args => dropout.dropoutLSTM({ ...args, keepProb, recurrentKeepProb: keepProb }) },
  },
  dropoutGRU: {
    net: 'text',
    parts: { recurrent: args => dropout.dropoutGRU({ ...args, keepProb, recurrentKeepProb: keepProb }) },
    plain: { recurrent: tf.layers.gru },
  },
  dropoutSimpleRNN: {
    net: 'text',
    parts: { recurrent: args => dropout.dropoutSimpleRNN({ ...args, keepProb, recurrentKeepProb: keepProb }) },
    plain: { recurrent: tf.layers.simpleRNN },
  },
};

const weights: Cases = {
  l1: { net: 'mlp', plugins: () => l1.l1(1e-4), why: 'a penalty on the tape: some seven passes over the weights' },
  elasticNet: { net: 'mlp', plugins: () => l1.elasticNet({ l1: 1e-4, l2: 1e-4 }), why: 'as l1' },
  groupLasso: { net: 'mlp', plugins: () => l1.groupLasso(1e-4), why: 'as l1' },
  proximalL1: { net: 'mlp', plugins: () => l1.proximalL1(1e-4) },
  l2: { net: 'mlp', plugins: () => l2.l2(1e-4) },
  weightDecay: { net: 'mlp', plugins: () => l2.weightDecay(1e-4) },
  maxNorm: { net: 'mlp', plugins: () => l2.maxNorm(3) },
  l2sp: { net: 'mlp', plugins: () => l2.l2sp(1e-4), why: 'as l1' },
  "orthogonal({ mode: 'keras' })": {
    net: 'mlp',
    plugins: () => l2.orthogonal(),
    why: 'a product of each kernel with itself, fan-in × units², and its gradients: more than the step itself at this width',
  },
  "orthogonal({ mode: 'soft' })": {
    net: 'mlp',
    plugins: () => l2.orthogonal({ mode: 'soft', strength: 1e-4 }),
    why: 'the same',
  },
  unitNorm: { net: 'mlp', plugins: () => l2.unitNorm() },
  minMaxNorm: {
    net: 'mlp',
    plugins: () => l2.minMaxNorm({ minNorm: 0.5, maxNorm: 2 }),
    why: 'the norms of all units, and a pass over the weights',
  },
  nonNegative: { net: 'mlp', plugins: () => l2.nonNegative() },
  layerConstraints: {
    net: 'mlp',
    plugins: model => l2.layerConstraints(model),
    parts: { args: { kernelConstraint: tf.constraints.maxNorm({ maxValue: 3 }) } },
  },
  jacobian: { net: 'mlp', plugins: () => l2.jacobian(1e-2), why: 'the gradient of a gradient' },
  weightNorm: {
    net: 'mlp',
    parts: { around: layer => l2.weightNorm(layer) },
    why: 'the kernel is computed anew at each step, and its gradient taken apart into length and direction',
  },
  spectralNorm: {
    net: 'mlp',
    parts: { around: layer => l2.spectralNorm(layer) },
    why: 'a power iteration at each step, and W / σ with its gradient',
  },
  activityRegularization: {
    net: 'mlp',
    parts: { behind: () => l2.activityRegularization({ l1: 1e-5, l2: 1e-5 }) },
    why: 'two penalties on the tape, each with a pass over the activations forward and one backward',
  },
  ema: { net: 'mlp', plugins: () => averaging.ema(0.999), why: 'a mean of each weight, to be read and written' },
  swa: { net: 'mlp', plugins: () => averaging.swa({ startEpoch: 0, learningRate: 0.01 }) },
};

const steps: Cases = {
  clipValue: { net: 'mlp', plugins: () => gradients.clipValue(1) },
  clipNorm: { net: 'mlp', plugins: () => gradients.clipNorm(1) },
  clipGlobalNorm: { net: 'mlp', plugins: () => gradients.clipGlobalNorm(1) },
  adaptiveClip: {
    net: 'mlp',
    plugins: () => gradients.adaptiveClip(0.01),
    why: 'the norms of all units, of weights and of gradients',
  },
  centralize: { net: 'mlp', plugins: () => gradients.centralize() },
  gradientNoise: {
    net: 'mlp',
    plugins: () => gradients.gradientNoise(0.01),
    why: 'a normal number for each weight',
  },
  sam: { net: 'mlp', plugins: () => gradients.sam(0.05), why: 'two passes' },
  'accumulate(4)': {
    net: 'mlp',
    plugins: () => gradients.accumulate(4),
    why: 'four passes over a quarter of the batch each, which products run slower on',
  },
  schedule: {
    net: 'mlp',
    plugins: () => schedules.schedule({ learningRate: schedules.cosine({ from: 0.01, to: 0, steps: 10_000 }) }),
  },
};

const { mixup, cutmix, randomFlip } = augment;
const WARP = 'TF.js’ kernel Transform, a pass over the images';
const batches: Cases = {
  labelSmoothing: { net: 'cnn', plugins: () => augment.labelSmoothing(0.1) },
  mixup: { net: 'cnn', plugins: () => mixup(0.2) },
  cutmix: { net: 'cnn', plugins: () => cutmix(1) },
  inputNoise: { net: 'cnn', plugins: () => augment.inputNoise(0.1), why: 'a normal number for each pixel' },
  randomFlip: { net: 'cnn', plugins: () => randomFlip(), why: WARP },
  randomCrop: { net: 'cnn', plugins: () => augment.randomCrop(4), why: WARP },
  randomRotation: { net: 'cnn', plugins: () => augment.randomRotation(0.05), why: WARP },
  randomZoom: { net: 'cnn', plugins: () => augment.randomZoom(0.1), why: WARP },
  randomTranslation: {
    net: 'cnn',
    plugins: () => augment.randomTranslation({ heightFactor: 0.1, widthFactor: 0.1 }),
    why: WARP,
  },
  randomShear: { net: 'cnn', plugins: () => augment.randomShear(0.1), why: WARP },
  randomAffine: {
    net: 'cnn',
    plugins: () => augment.randomAffine({ rotation: 0.05, zoom: 0.1, translation: 0.1, shear: 0.1 }),
    why: WARP,
  },
  cutout: { net: 'cnn', plugins: () => augment.cutout(8) },
  randomErasing: { net: 'cnn', plugins: () => augment.randomErasing() },
  colorJitter: {
    net: 'colour',
    plugins: () => augment.colorJitter({ brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 }),
  },
  randomGrayscale: { net: 'colour', plugins: () => augment.randomGrayscale() },
  randAugment: {
    net: 'colour',
    plugins: () => augment.randAugment(),
    why: 'thirteen operations on the whole batch, twice',
  },
  'randomApply(randomFlip)': {
    net: 'cnn',
    plugins: () => augment.randomApply(randomFlip(), 0.5),
    why: 'a warp, and a selection by rows',
  },
  'oneOf(mixup, cutmix)': {
    net: 'cnn',
    plugins: () => augment.oneOf(mixup(0.2), cutmix(1)),
    why: 'both are computed for all rows, and selected',
  },
};

export const cases: Cases = { ...layers, ...weights, ...steps, ...batches };
