/** Every technique of this package, told once. The command line, the tests, the benchmarks and the README read it. */
import { define, type Entry } from '@keepprob/core/catalogue';
import { accumulate } from './accumulate.ts';
import { adaptiveClip } from './adaptiveClip.ts';
import { centralize } from './centralize.ts';
import { clipGlobalNorm } from './clipGlobalNorm.ts';
import { clipNorm } from './clipNorm.ts';
import { clipValue } from './clipValue.ts';
import { gradientNoise } from './gradientNoise.ts';
import { sam } from './sam.ts';

/** What no bound takes. */
const badBounds = (option: string) => [0, -1, 'one'].map(bound => ({ options: { [option]: bound }, option }));

/**
 * The entries of this package.
 * @example
 * catalogue.some(({ name }) => name === 'clipNorm'); // true
 */
export const catalogue: readonly Entry[] = [
  define.plugin({
    factory: clipValue,
    calls: ['clipValue(c)'],
    what: 'clips every element to ±c; this changes the direction of the step',
    goodFor: 'single gradients that explode. It changes the direction of the step, which `clipGlobalNorm` does not',
    kerasName: 'clipvalue',
    torchName: 'clip_grad_value_',
    cost: 'one pass',
    combinesBadlyWith: { adaptiveClip: 'two clips, the tighter decides' },
    table: 'gradients',
    options: { maxValue: 1 },
    bench: { net: 'mlp' },
    trial: { options: { maxValue: 0.001 }, variants: [{ maxValue: 0.002 }], bad: badBounds('maxValue') },
  }),
  define.plugin({
    factory: clipNorm,
    calls: ['clipNorm(c)'],
    what: 'clips each weight’s gradient by its own norm',
    goodFor: 'gradients that explode in one layer but not in others',
    formula: '‖g‖₂ ≤ c',
    kerasName: 'clipnorm',
    cost: 'a norm and a pass',
    combinesBadlyWith: { clipGlobalNorm: 'after this one it has little effect' },
    table: 'gradients',
    options: { maxNorm: 1 },
    bench: { net: 'mlp' },
    trial: { options: { maxNorm: 0.001 }, variants: [{ maxNorm: 0.002 }], bad: badBounds('maxNorm') },
  }),
  define.plugin({
    factory: clipGlobalNorm,
    calls: ['clipGlobalNorm(c)'],
    what: 'scales all gradients down by one factor; this keeps the direction',
    goodFor: 'recurrent networks and transformers, whose gradients explode now and then',
    formula: '√Σ‖g‖² ≤ c',
    papers: [
      {
        authors: 'Pascanu, Mikolov & Bengio',
        year: 2013,
        title: 'On the difficulty of training recurrent neural networks',
        venue: 'ICML',
        at: '§3.2',
      },
    ],
    kerasName: 'global_clipnorm',
    torchName: 'clip_grad_norm_',
    cost: 'a norm and a pass',
    combinesBadlyWith: { clipNorm: 'before this one it leaves little to clip' },
    table: 'gradients',
    options: { maxNorm: 1 },
    bench: { net: 'mlp' },
    trial: { options: { maxNorm: 0.001 }, variants: [{ maxNorm: 0.002 }], bad: badBounds('maxNorm') },
  }),
  define.plugin({
    factory: adaptiveClip,
    calls: ['adaptiveClip(λ)'],
    what: 'clips each unit’s gradient by the norm of its incoming weights W',
    goodFor: 'networks without batch normalization, at large batches or rates',
    formula: '‖G‖ ≤ λ max(‖W‖, ε)',
    papers: [
      {
        authors: 'Brock et al.',
        year: 2021,
        title: 'High-performance large-scale image recognition without normalization',
        venue: 'ICML',
        at: 'eq. 3',
      },
    ],
    cost: 'two norms and a pass',
    combinesBadlyWith: { 'batch norm': 'one of the two is enough', 'the last layer': 'leave it out with `where`' },
    table: 'gradients',
    options: { maxRatio: 0.01 },
    bench: { net: 'mlp', why: 'the norms of all units, of weights and of gradients' },
    trial: {
      variants: [{ maxRatio: 0.02 }, { maxRatio: 0.01, epsilon: 10 }],
      bad: [
        { options: { maxRatio: 0 }, option: 'maxRatio' },
        { options: { maxRatio: 1, epsilon: 0 }, option: 'epsilon' },
      ],
    },
  }),
  define.plugin({
    factory: centralize,
    calls: ['centralize()'],
    what: 'subtracts the mean over the fan-in of each unit, on kernels',
    goodFor: 'dense and convolutional networks under SGD or momentum; it costs little to try',
    formula: 'g − mean(g)',
    papers: [
      {
        authors: 'Yong et al.',
        year: 2020,
        title: 'Gradient centralization: a new optimization technique for deep neural networks',
        venue: 'ECCV',
      },
    ],
    cost: 'a mean and a pass',
    combinesBadlyWith: { 'clipping or noise before it': 'put it first' },
    table: 'gradients',
    options: {},
    bench: { net: 'mlp' },
    trial: { weights: true, variants: [], bad: [] },
  }),
  define.plugin({
    factory: gradientNoise,
    calls: ['gradientNoise(η)'],
    what: 'adds noise that decreases with the update t, drawn from the run’s seed',
    goodFor: 'very deep networks that are hard to start',
    formula: 'g + N(0, η / (1 + t)^γ)',
    papers: [
      {
        authors: 'Neelakantan et al.',
        year: 2015,
        title: 'Adding gradient noise improves learning for very deep networks',
        venue: 'arXiv:1511.06807',
      },
    ],
    cost: 'one random number per weight',
    combinesBadlyWith: { 'clipping after it': 'clips the noise, too' },
    table: 'gradients',
    options: { eta: 0.01 },
    bench: { net: 'mlp', why: 'a normal number for each weight' },
    trial: {
      options: { eta: 0.1 },
      variants: [{ eta: 0.2 }, { eta: 0.1, gamma: 0 }],
      bad: [
        { options: { eta: -1 }, option: 'eta' },
        { options: { eta: 1, gamma: -1 }, option: 'gamma' },
      ],
    },
  }),
  define.plugin({
    factory: sam,
    calls: ['sam(ρ)'],
    what: 'takes the gradient at the worst point nearby; the second pass replays the masks of the first',
    goodFor: 'networks whose validation error is worth twice the training time',
    formula: 'the gradient at w + ρ g / ‖g‖',
    papers: [
      {
        authors: 'Foret et al.',
        year: 2021,
        title: 'Sharpness-aware minimization for efficiently improving generalization',
        venue: 'ICLR',
      },
      {
        authors: 'Kwon et al.',
        year: 2021,
        title: 'ASAM: adaptive sharpness-aware minimization for scale-invariant learning of deep neural networks',
        venue: 'ICML',
        at: '`adaptive`',
      },
    ],
    cost: 'two passes per update',
    combinesBadlyWith: { 'batch norm': 'its statistics move twice in each update' },
    table: 'step',
    options: { rho: 0.05 },
    bench: { net: 'mlp', why: 'two passes' },
    trial: {
      variants: [{ rho: 0.1 }, { rho: 0.05, adaptive: true }],
      bad: [
        { options: { rho: -1 }, option: 'rho' },
        { options: { adaptive: 1 }, option: 'adaptive' },
      ],
    },
  }),
  define.plugin({
    factory: accumulate,
    calls: ['accumulate(k)'],
    what: 'computes each batch in k parts and makes one update; the result equals that of the whole batch, including masks',
    goodFor: 'batches that do not fit into memory',
    cost: 'the memory of one part, the time of k smaller batches',
    combinesBadlyWith: { 'batch norm': 'sees one part at a time' },
    table: 'step',
    options: { parts: 4 },
    bench: {
      net: 'mlp',
      why: 'four passes over a quarter of the batch each, and products are slower on small batches',
    },
    trial: {
      // the kit's net has batch normalization, which sees one part at a time: there accumulation makes a difference
      options: { parts: 2 },
      variants: [{ parts: 4 }],
      bad: [
        { options: { parts: 0 }, option: 'parts' },
        { options: { parts: 1.5 }, option: 'parts' },
      ],
    },
  }),
];
