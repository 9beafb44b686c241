/** Every technique of this package, told once. The command line, the tests, the benchmarks and the README read it. */
import { define, type Entry } from '@keepprob/core/catalogue';
import { linear } from '@keepprob/core/schedules';
import { elasticNet } from './elasticNet.ts';
import { groupLasso } from './groupLasso.ts';
import { l1 } from './l1.ts';
import { proximalL1 } from './proximalL1.ts';

const rising = linear({ from: 0, to: 1, steps: 3 });

/**
 * The entries of this package.
 * @example
 * catalogue.some(({ name }) => name === 'l1'); // true
 */
export const catalogue: readonly Entry[] = [
  define.plugin({
    factory: l1,
    calls: ['l1(λ)'],
    what: 'pulls weights to 0 with a constant force',
    goodFor: 'many inputs of which few matter. Weights come near 0; for exact zeros use `proximalL1`',
    formula: 'J gains λ Σ|w|; gradient λ sign(w), 0 at 0',
    papers: [
      {
        authors: 'Tibshirani',
        year: 1996,
        title: 'Regression shrinkage and selection via the lasso',
        venue: 'Journal of the Royal Statistical Society B 58',
      },
    ],
    kerasName: 'L1',
    cost: 'one pass over the weights',
    combinesBadlyWith: { proximalL1: 'counted twice' },
    options: { strength: 1e-4 },
    bench: { net: 'mlp', why: 'a pass over the weights forward and one backward, and a sum of two gradients' },
    trial: {
      weights: true,
      options: { strength: 0.1 },
      variants: [{ strength: 0.2 }, { strength: rising }],
      bad: [{ options: { strength: -1 }, option: 'strength' }],
    },
  }),
  define.plugin({
    factory: elasticNet,
    calls: ['elasticNet({ l1, l2 })'],
    what: 'L1 and L2 together',
    goodFor: 'correlated inputs, of which L1 alone keeps one by chance',
    formula: 'J gains λ₁ Σ|w| + λ₂ Σ w²',
    papers: [
      {
        authors: 'Zou & Hastie',
        year: 2005,
        title: 'Regularization and variable selection via the elastic net',
        venue: 'Journal of the Royal Statistical Society B 67',
      },
    ],
    kerasName: 'L1L2',
    cost: 'as `l1`; the L2 part is folded into the update if there is a kernel for it',
    combinesBadlyWith: { l2: 'the λ₂ add up' },
    options: { l1: 1e-4, l2: 1e-4 },
    bench: { net: 'mlp', why: 'as l1' },
    trial: {
      weights: true,
      options: { l1: 0.1, l2: 0.1 },
      variants: [
        { l1: 0.2, l2: 0.1 },
        { l1: 0.1, l2: rising },
      ],
      bad: [
        { options: { l1: 0.1, l2: -1 }, option: 'l2' },
        { options: { l1: -1, l2: 0.1 }, option: 'l1' },
      ],
    },
  }),
  define.plugin({
    factory: groupLasso,
    calls: ['groupLasso(λ)'],
    what: 'shrinks whole units to zero; n is the fan-in of a unit',
    goodFor: 'networks that should lose whole units or inputs',
    formula: 'J gains λ Σ √n ‖w‖₂ over units',
    papers: [
      {
        authors: 'Yuan & Lin',
        year: 2006,
        title: 'Model selection and estimation in regression with grouped variables',
        venue: 'Journal of the Royal Statistical Society B 68',
      },
    ],
    cost: 'norms of all units',
    combinesBadlyWith: { unitNorm: 'fixes those norms' },
    options: { strength: 1e-4 },
    bench: { net: 'mlp', why: 'as l1' },
    trial: {
      weights: true,
      options: { strength: 0.1 },
      variants: [{ strength: 0.2 }, { strength: rising }],
      bad: [{ options: { strength: -1 }, option: 'strength' }],
    },
  }),
  define.plugin({
    factory: proximalL1,
    calls: ['proximalL1(λ)'],
    what: 'sets small weights to true zeros after each update',
    goodFor: 'weights that should be exactly 0',
    formula: 'w ← sign(w) max(|w| − ηλ, 0)',
    papers: [
      {
        authors: 'Daubechies, Defrise & De Mol',
        year: 2004,
        title: 'An iterative thresholding algorithm for linear inverse problems with a sparsity constraint',
        venue: 'Communications on Pure and Applied Mathematics 57',
      },
    ],
    cost: 'one pass after the update',
    combinesBadlyWith: { Adam: 'with it, the result is not the lasso', unitNorm: 'rescales the weights' },
    options: { strength: 1e-4 },
    bench: { net: 'mlp' },
    trial: {
      weights: true,
      options: { strength: 0.1 },
      variants: [{ strength: 0.2 }, { strength: rising }],
      bad: [{ options: { strength: -1 }, option: 'strength' }],
    },
  }),
];
