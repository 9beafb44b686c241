import { define, type Entry } from '@keepprob/core/catalogue';
import { linear } from '@keepprob/core/schedules';
import { activityRegularization } from './activityRegularization.ts';
import { jacobian } from './jacobian.ts';
import { l2 } from './l2.ts';
import { l2sp } from './l2sp.ts';
import { orthogonal } from './orthogonal.ts';
import { weightDecay } from './weightDecay.ts';

const folded = 'folded into the update where there is a kernel, else a pass';

export const penalties: readonly Entry[] = [
  define.plugin({
    factory: l2,
    calls: ['l2(λ)', 'l2({ strength: { hidden1: 1e-3 } })'],
    what: 'pulls weights to 0 in proportion to their size; Keras’ λ, not ½ λ',
    goodFor: 'networks that overfit under SGD or momentum. With Adam use `weightDecay`',
    formula: 'J gains λ Σ w²',
    papers: [
      {
        authors: 'Krogh & Hertz',
        year: 1992,
        title: 'A simple weight decay can improve generalization',
        venue: 'NIPS',
      },
    ],
    kerasName: 'L2',
    torchName: 'weight_decay',
    cost: folded,
    combinesBadlyWith: { Adam: 'it scales the penalty away; use `weightDecay` instead' },
    table: 'plugins',
    options: { strength: 1e-4 },
    bench: { net: 'mlp' },
    trial: {
      weights: true,
      options: { strength: 0.1 },
      variants: [
        { strength: 0.2 },
        { strength: linear({ from: 0, to: 1, steps: 3 }) },
        { strength: () => 0.3 },
        { strength: 0.1, where: () => true },
      ],
      bad: [
        { options: { strength: -1 }, option: 'strength' },
        { options: { strength: Number.NaN }, option: 'strength' },
      ],
    },
  }),
  define.plugin({
    factory: weightDecay,
    calls: ['weightDecay(d)'],
    what: 'shrinks the weights by a fraction before each update; η is the learning rate; with Adam this is AdamW',
    goodFor: 'networks that overfit under Adam, which would scale an L2 penalty away',
    formula: 'w ← w − η d w',
    papers: [
      { authors: 'Loshchilov & Hutter', year: 2019, title: 'Decoupled weight decay regularization', venue: 'ICLR' },
    ],
    kerasName: 'weight_decay',
    torchName: 'AdamW',
    cost: folded,
    combinesBadlyWith: { l2: 'with SGD it is the same again, d = 2 λ' },
    table: 'plugins',
    options: { strength: 1e-4 },
    bench: { net: 'mlp' },
    trial: {
      weights: true,
      options: { strength: 0.1 },
      variants: [{ strength: 0.5 }, { strength: 0.1, where: () => true }],
      bad: [{ options: { strength: -1 }, option: 'strength' }],
    },
  }),
  define.plugin({
    factory: l2sp,
    calls: ['l2sp(λ)'],
    what: 'pulls weights to where they started, w₀',
    goodFor: 'fine-tuning: the weights to stay near are the pretrained ones, not 0',
    formula: 'J gains λ Σ (w − w₀)²',
    papers: [
      {
        authors: 'Li, Grandvalet & Davoine',
        year: 2018,
        title: 'Explicit inductive bias for transfer learning with convolutional networks',
        venue: 'ICML',
      },
    ],
    cost: 'a pass, a copy of the weights',
    combinesBadlyWith: { l2: 'pulls to 0' },
    table: 'plugins',
    options: { strength: 1e-4 },
    bench: { net: 'mlp', why: 'as l1' },
    trial: {
      weights: true,
      options: { strength: 0.1 },
      variants: [{ strength: 0.5 }],
      bad: [{ options: { strength: -1 }, option: 'strength' }],
    },
  }),
  define.plugin({
    factory: orthogonal,
    calls: ['orthogonal({ mode, strength })'],
    what: 'pushes the units of a layer apart',
    goodFor: 'deep and recurrent networks whose gradients fade, and layers whose units learn the same',
    formula: 'J gains λ mean |cos| over pairs of units (‘keras’), or λ ‖WᵀW − I‖² (‘soft’)',
    papers: [
      {
        authors: 'Bansal, Chen & Wang',
        year: 2018,
        title: 'Can we gain more from orthogonality regularizations in training deep networks?',
        venue: 'NeurIPS',
      },
    ],
    kerasName: 'OrthogonalRegularizer',
    cost: 'a product per kernel, fan-in × units²',
    combinesBadlyWith: {
      maxNorm: 'with c < 1 it works against ‘soft’, which pulls norms to 1',
      'kernels with more units than inputs': 'they cannot be orthogonal',
    },
    table: 'plugins',
    options: {},
    bench: {
      net: 'mlp',
      why: 'a product of each kernel with itself, fan-in × units², and its gradients: more than the step itself at this width',
    },
    trial: {
      weights: true,
      options: { strength: 0.1 },
      variants: [{ strength: 0.2 }, { strength: 0.1, mode: 'soft' }],
      bad: [
        { options: { strength: -1 }, option: 'strength' },
        { options: { mode: 'hard' }, option: 'mode' },
      ],
    },
  }),
  define.plugin({
    factory: jacobian,
    calls: ['jacobian(λ)'],
    what: 'keeps outputs from changing much with the inputs, along `projections` random directions; in `fit` only',
    goodFor: 'predictions that must not change with small changes of the input',
    formula: 'J gains λ/2 E ‖∂f/∂x‖²_F',
    papers: [
      {
        authors: 'Hoffman, Roberts & Yaida',
        year: 2019,
        title: 'Robust learning with Jacobian regularization',
        venue: 'arXiv:1908.02729',
      },
    ],
    cost: 'about a training step for each direction',
    combinesBadlyWith: { 'pooling and recurrent layers': 'they have no second derivative' },
    table: 'plugins',
    options: { strength: 1e-2 },
    bench: { net: 'mlp', why: 'the gradient of a gradient' },
    trial: {
      options: { strength: 0.1 },
      variants: [{ strength: 0.2 }, { strength: 0.1, projections: 2 }],
      bad: [
        { options: { strength: -1 }, option: 'strength' },
        { options: { strength: 1, projections: 0 }, option: 'projections' },
      ],
    },
  }),
  define.layer({
    factory: activityRegularization,
    calls: ['activityL1(λ)', 'activityL2(λ)', 'activityRegularization({ l1, l2 })'],
    what: 'keeps activations small or few (mean over the rows of the batch); passes x on unchanged',
    goodFor: 'sparse codes, as in autoencoders, and activations that grow',
    formula: 'J gains λ₁ Σ|x| + λ₂ Σ x²',
    kerasName: 'ActivityRegularization',
    cost: 'a pass',
    combinesBadlyWith: {
      'a bare `model.apply(x, { training: true })`': 'nothing collects the penalty there, so it throws',
    },
    table: 'layers',
    options: { l1: 1e-5, l2: 1e-5 },
    bench: {
      net: 'mlp',
      place: 'behind',
      why: 'a pass over the activations forward and one backward',
    },
    trial: {
      inputShape: [4],
      random: false,
      penalizes: true,
      options: { l1: 0.1, l2: 0.2 },
      variants: [{ l1: 0.1 }, { l2: 0.2 }, { l1: 0.1, l2: linear({ from: 0.2, to: 0, steps: 3 }) }],
      bad: [{ options: { l1: -1 }, option: 'l1' }, { options: { l2: Number.NaN }, option: 'l2' }, { options: 0.5 }],
    },
  }),
];
