/** What compositions are drawn from. A new plugin is a line here. */

import * as augment from '@keepprob/augment';
import { ema, swa } from '@keepprob/averaging';
import type { TrainingPlugin, Varying, Weight } from '@keepprob/core';
import * as dropout from '@keepprob/dropout';
import * as gradients from '@keepprob/gradients';
import { elasticNet, groupLasso, l1, proximalL1 } from '@keepprob/l1';
import * as l2 from '@keepprob/l2';
import { cosine, schedule } from '@keepprob/schedules';
import * as stopping from '@keepprob/stopping';
import * as tf from '@tensorflow/tfjs';

/** Training plugins for a small net on numbers with three classes, by a name that tells them apart. */
export const plugins: Readonly<Record<string, () => TrainingPlugin>> = {
  l1: () => l1(1e-3),
  elasticNet: () => elasticNet({ l1: 1e-3, l2: 1e-3 }),
  groupLasso: () => groupLasso(1e-3),
  proximalL1: () => proximalL1(1e-2),
  l2: () => l2.l2(1e-2),
  l2sp: () => l2.l2sp(1e-2),
  weightDecay: () => l2.weightDecay(0.1),
  maxNorm: () => l2.maxNorm(0.9),
  minMaxNorm: () => l2.minMaxNorm({ minNorm: 0.5, maxNorm: 1.5, rate: 0.5 }),
  unitNorm: () => l2.unitNorm(),
  nonNegative: () => l2.nonNegative(),
  orthogonal: () => l2.orthogonal({ mode: 'soft', strength: 1e-2 }),
  rDrop: () => dropout.rDrop(0.5),
  labelSmoothing: () => augment.labelSmoothing(0.1),
  mixup: () => augment.mixup(0.4),
  inputNoise: () => augment.inputNoise(0.1),
  oneOf: () => augment.oneOf(augment.mixup(0.2), augment.inputNoise(0.2)),
  clipValue: () => gradients.clipValue(0.1),
  clipNorm: () => gradients.clipNorm(0.2),
  clipGlobalNorm: () => gradients.clipGlobalNorm(0.3),
  adaptiveClip: () => gradients.adaptiveClip(0.05),
  centralize: () => gradients.centralize(),
  gradientNoise: () => gradients.gradientNoise(1e-3),
  sam: () => gradients.sam({ rho: 0.05 }),
  accumulate: () => gradients.accumulate(2),
  ema: () => ema(0.9),
  emaInStock: () => ema({ decay: 0.9, evaluate: false, warmup: true }),
  swa: () => swa({ startEpoch: 2, learningRate: 0.02, annealEpochs: 2 }),
  swaThatEvaluates: () => swa({ startEpoch: 1, every: { epochs: 2 }, evaluate: true }),
  schedule: () => schedule({ learningRate: cosine({ from: 0.05, to: 0.001, steps: 20 }) }),
  earlyStopping: () => stopping.earlyStopping({ patience: 2 }),
  stopOnGeneralizationLoss: () => stopping.stopOnGeneralizationLoss(20),
  stopOnProgressQuotient: () => stopping.stopOnProgressQuotient({ threshold: 2, stripEpochs: 2, trainMonitor: 'loss' }),
  stopOnIncreases: () => stopping.stopOnIncreases({ increases: 2, stripEpochs: 1 }),
  reduceOnPlateau: () => stopping.reduceOnPlateau({ factor: 0.5, patience: 1 }),
  terminateOnNaN: () => stopping.terminateOnNaN(),
};

const dense = (seed: number) =>
  tf.layers.dense({ units: 8, activation: 'tanh', kernelInitializer: tf.initializers.glorotUniform({ seed }) });

/** Layers for the middle of that net: 8 numbers in, 8 out. */
export const layers: Readonly<Record<string, () => tf.layers.Layer>> = {
  dropout: () => dropout.dropout({ keepProb: 0.8 }),
  alphaDropout: () => dropout.alphaDropout({ keepProb: 0.9 }),
  gaussianDropout: () => dropout.gaussianDropout({ keepProb: 0.8 }),
  gaussianNoise: () => dropout.gaussianNoise({ stddev: 0.1 }),
  concreteDropout: () => dropout.concreteDropout(),
  dropConnect: () => dropout.dropConnect(dense(12), { keepProb: 0.8 }),
  weightNorm: () => l2.weightNorm(dense(13)),
  spectralNorm: () => l2.spectralNorm(dense(14)),
  activityL2: () => l2.activityL2(1e-3),
  batchNormalization: () => tf.layers.batchNormalization({ momentum: 0.8 }),
};

type Where = (weight: Weight) => boolean;

/** Plugins on weights, with the one number that may vary, and the choice of weights. */
export const onWeights: Readonly<
  Record<string, { readonly value: number; readonly make: (value: Varying, where?: Where) => TrainingPlugin }>
> = {
  l1: { value: 0.1, make: (v, where) => l1({ strength: v, ...(where && { where }) }) },
  'elasticNet, l1': { value: 0.1, make: (v, where) => elasticNet({ l1: v, l2: 0.1, ...(where && { where }) }) },
  'elasticNet, l2': { value: 0.1, make: (v, where) => elasticNet({ l1: 0.1, l2: v, ...(where && { where }) }) },
  groupLasso: { value: 0.1, make: (v, where) => groupLasso({ strength: v, ...(where && { where }) }) },
  proximalL1: { value: 0.1, make: (v, where) => proximalL1({ strength: v, ...(where && { where }) }) },
  l2: { value: 0.1, make: (v, where) => l2.l2({ strength: v, ...(where && { where }) }) },
  l2sp: { value: 0.5, make: (v, where) => l2.l2sp({ strength: v, ...(where && { where }) }) },
  weightDecay: { value: 0.5, make: (v, where) => l2.weightDecay({ strength: v, ...(where && { where }) }) },
  maxNorm: { value: 0.4, make: (v, where) => l2.maxNorm({ maxNorm: v, ...(where && { where }) }) },
  'minMaxNorm, minNorm': {
    value: 0.9,
    make: (v, where) => l2.minMaxNorm({ minNorm: v, maxNorm: 1, ...(where && { where }) }),
  },
  'minMaxNorm, maxNorm': { value: 0.4, make: (v, where) => l2.minMaxNorm({ maxNorm: v, ...(where && { where }) }) },
  orthogonal: { value: 0.1, make: (v, where) => l2.orthogonal({ strength: v, ...(where && { where }) }) },
  'orthogonal, soft': {
    value: 0.1,
    make: (v, where) => l2.orthogonal({ mode: 'soft', strength: v, ...(where && { where }) }),
  },
  clipValue: { value: 0.01, make: (v, where) => gradients.clipValue({ maxValue: v, ...(where && { where }) }) },
  clipNorm: { value: 0.01, make: (v, where) => gradients.clipNorm({ maxNorm: v, ...(where && { where }) }) },
  clipGlobalNorm: {
    value: 0.01,
    make: (v, where) => gradients.clipGlobalNorm({ maxNorm: v, ...(where && { where }) }),
  },
  adaptiveClip: {
    value: 0.01,
    make: (v, where) => gradients.adaptiveClip({ maxRatio: v, ...(where && { where }) }),
  },
  gradientNoise: { value: 0.1, make: (v, where) => gradients.gradientNoise({ eta: v, ...(where && { where }) }) },
};
