import { define, type Entry } from '@keepprob/core/catalogue';
import { initializers, layers, constraints as tfConstraints } from '@tensorflow/tfjs-layers';
import { layerConstraints } from './layerConstraints.ts';
import { maxNorm } from './maxNorm.ts';
import { minMaxNorm } from './minMaxNorm.ts';
import { nonNegative } from './nonNegative.ts';
import { unitNorm } from './unitNorm.ts';

const cost = 'norms and a pass';

export const constraints: readonly Entry[] = [
  define.plugin({
    factory: maxNorm,
    calls: ['maxNorm(c)'],
    what: 'projects the incoming weights of every unit into a ball after each update',
    goodFor:
      'dropout with a large learning rate, as in Srivastava et al. 2014: the rate can be large and the weights still do not explode',
    formula: '‖w‖₂ ≤ c',
    papers: [
      {
        authors: 'Srivastava et al.',
        year: 2014,
        title: 'Dropout: a simple way to prevent neural networks from overfitting',
        venue: 'Journal of Machine Learning Research 15',
        at: '§5.1',
      },
    ],
    kerasName: 'MaxNorm',
    torchName: 'renorm',
    cost,
    combinesBadlyWith: { unitNorm: 'fixes the norm', 'batch norm after the layer': 'undoes the scale' },
    table: 'plugins',
    options: { maxNorm: 3 },
    bench: { net: 'mlp' },
    trial: {
      weights: true,
      options: { maxNorm: 0.5 },
      variants: [{ maxNorm: 0.25 }],
      bad: [{ options: { maxNorm: 0 }, option: 'maxNorm' }],
    },
  }),
  define.plugin({
    factory: unitNorm,
    calls: ['unitNorm()'],
    what: 'scales the incoming weights of every unit after each update',
    goodFor: 'vectors that are compared by their angle, such as prototypes',
    formula: '‖w‖₂ = 1',
    kerasName: 'UnitNorm',
    cost,
    combinesBadlyWith: { l2: 'has no effect', weightDecay: 'has no effect', maxNorm: 'has no effect' },
    table: 'plugins',
    options: {},
    bench: { net: 'mlp' },
    trial: { weights: true, variants: [], bad: [] },
  }),
  define.plugin({
    factory: minMaxNorm,
    calls: ['minMaxNorm({ minNorm, maxNorm, rate })'],
    what: 'keeps the norm of every unit within bounds after each update; with `rate` < 1 it goes part of the way',
    goodFor: 'units that must neither vanish nor grow',
    formula: 'minNorm ≤ ‖w‖₂ ≤ maxNorm',
    kerasName: 'MinMaxNorm',
    cost,
    combinesBadlyWith: { unitNorm: 'fixes the norm' },
    table: 'plugins',
    options: { minNorm: 0.5, maxNorm: 2 },
    bench: { net: 'mlp', why: 'the norms of all units, and a pass over the weights' },
    trial: {
      weights: true,
      options: { minNorm: 0.9, maxNorm: 1 },
      variants: [
        { minNorm: 0.9, maxNorm: 0.95 },
        { minNorm: 1, maxNorm: 1 },
        { minNorm: 0.9, maxNorm: 1, rate: 0.5 },
      ],
      bad: [
        { options: { rate: 2 }, option: 'rate' },
        { options: { minNorm: -1 }, option: 'minNorm' },
        { options: { maxNorm: 0 }, option: 'maxNorm' },
      ],
    },
  }),
  define.plugin({
    factory: nonNegative,
    calls: ['nonNegative()'],
    what: 'sets negative weights to 0 after each update',
    goodFor: 'factorizations into parts, and weights for which a negative number makes no sense',
    formula: 'w ← max(w, 0)',
    kerasName: 'NonNeg',
    cost: 'a pass',
    combinesBadlyWith: { 'a norm before it in the list': '`nonNegative` changes the norm again: put it first' },
    table: 'plugins',
    options: {},
    bench: { net: 'mlp' },
    trial: { weights: true, variants: [], bad: [] },
  }),
  define.pluginOfModel({
    factory: layerConstraints,
    calls: ['layerConstraints(model)'],
    what: 'after each update, applies the `kernelConstraint`, `biasConstraint`, … of the model’s layers, also from a Keras file; stock `fit` ignores them',
    goodFor: 'models from Keras files that have constraints',
    kerasName: 'constraints',
    cost,
    combinesBadlyWith: { maxNorm: 'on the same weights', unitNorm: 'on the same weights' },
    table: 'plugins',
    options: {},
    bench: {
      net: 'mlp',
      layerArguments: () => ({ kernelConstraint: tfConstraints.maxNorm({ maxValue: 3 }) }),
    },
    trial: {
      layers: () => [
        layers.dense({
          units: 4,
          kernelInitializer: initializers.glorotUniform({ seed: 3 }),
          kernelConstraint: tfConstraints.maxNorm({ maxValue: 0.5 }),
        }),
      ],
      variants: [],
      bad: [],
    },
  }),
];
