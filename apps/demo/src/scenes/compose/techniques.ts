/** Every technique of the catalogues that acts in a step of this scene's network. Made from them: test/compose.test.ts says how. */

export interface Technique {
  /** Its package. */
  readonly family: string;
  readonly kind: 'layer' | 'plugin';
  readonly name: string;
  readonly what: string;
  /** To begin with. */
  readonly options: Readonly<Record<string, number>>;
  /** What it does not go well with, and why. */
  readonly badly: Readonly<Record<string, string>>;
}

const technique = (
  family: string,
  kind: Technique['kind'],
  name: string,
  what: string,
  options: Technique['options'],
  badly: Technique['badly'] = {},
): Technique => ({ family, kind, name, what, options, badly });

export const techniques: readonly Technique[] = [
  technique('dropout', 'layer', 'dropout', 'drops elements, a new mask at every step', { keepProb: 0.5 }),
  technique('dropout', 'layer', 'alphaDropout', 'drops to SELU’s lower limit α′ and keeps mean 0 and variance 1', {
    keepProb: 0.8,
  }),
  technique('dropout', 'layer', 'gaussianDropout', 'multiplies by noise of mean 1', { keepProb: 0.8 }),
  technique('dropout', 'layer', 'gaussianNoise', 'adds noise of mean 0', { stddev: 0.1 }),
  technique(
    'dropout',
    'layer',
    'concreteDropout',
    'learns its rate r together with the weights of the layer behind it',
    {},
    { l2: 'this already regularizes the same kernel' },
  ),
  technique(
    'dropout',
    'plugin',
    'rDrop',
    'passes every batch twice, with two masks, and pulls the two predictions p and q together; in fit only',
    { strength: 1 },
  ),
  technique(
    'l1',
    'plugin',
    'l1',
    'pulls weights to 0 with a constant force',
    { strength: 0.0001 },
    { proximalL1: 'counted twice' },
  ),
  technique('l1', 'plugin', 'elasticNet', 'L1 and L2 together', { l1: 0.0001, l2: 0.0001 }, { l2: 'the λ₂ add up' }),
  technique(
    'l1',
    'plugin',
    'groupLasso',
    'shrinks whole units to zero; n is the fan-in of a unit',
    { strength: 0.0001 },
    { unitNorm: 'fixes those norms' },
  ),
  technique(
    'l1',
    'plugin',
    'proximalL1',
    'sets small weights to true zeros after each update',
    { strength: 0.0001 },
    { Adam: 'with it, the result is not the lasso', unitNorm: 'rescales the weights' },
  ),
  technique(
    'l2',
    'plugin',
    'l2',
    'pulls weights to 0 in proportion to their size; Keras’ λ, not ½ λ',
    { strength: 0.0001 },
    { Adam: 'scales it away: weightDecay there' },
  ),
  technique(
    'l2',
    'plugin',
    'weightDecay',
    'shrinks the weights by a fraction before each update; η is the learning rate; with Adam this is AdamW',
    { strength: 0.0001 },
    { l2: 'with SGD it is the same again, d = 2 λ' },
  ),
  technique(
    'l2',
    'plugin',
    'l2sp',
    'pulls weights to where they started, w₀',
    { strength: 0.0001 },
    { l2: 'pulls to 0' },
  ),
  technique(
    'l2',
    'plugin',
    'orthogonal',
    'pushes the units of a layer apart',
    {},
    { maxNorm: 'with c < 1, for ‘soft’' },
  ),
  technique(
    'l2',
    'plugin',
    'jacobian',
    'keeps outputs from changing much with the inputs, along projections random directions; in fit only',
    { strength: 0.01 },
  ),
  technique(
    'l2',
    'layer',
    'activityRegularization',
    'keeps activations small or few (mean over the rows of the batch); passes x on unchanged',
    { l1: 0.00001, l2: 0.00001 },
  ),
  technique(
    'l2',
    'plugin',
    'maxNorm',
    'projects the incoming weights of every unit into a ball after each update',
    { maxNorm: 3 },
    { unitNorm: 'fixes the norm' },
  ),
  technique(
    'l2',
    'plugin',
    'unitNorm',
    'scales the incoming weights of every unit after each update',
    {},
    { l2: 'has no effect', weightDecay: 'has no effect', maxNorm: 'has no effect' },
  ),
  technique(
    'l2',
    'plugin',
    'minMaxNorm',
    'keeps the norm of every unit within bounds after each update; with rate < 1 it goes part of the way',
    { minNorm: 0.5, maxNorm: 2 },
    { unitNorm: 'fixes the norm' },
  ),
  technique('l2', 'plugin', 'nonNegative', 'sets negative weights to 0 after each update', {}),
  technique(
    'gradients',
    'plugin',
    'clipValue',
    'clips every element to ±c; this changes the direction of the step',
    { maxValue: 1 },
    { adaptiveClip: 'two clips, the tighter decides' },
  ),
  technique(
    'gradients',
    'plugin',
    'clipNorm',
    'clips each weight’s gradient by its own norm',
    { maxNorm: 1 },
    { clipGlobalNorm: 'after it hardly acts' },
  ),
  technique(
    'gradients',
    'plugin',
    'clipGlobalNorm',
    'scales all gradients down by one factor; this keeps the direction',
    { maxNorm: 1 },
    { clipNorm: 'before it leaves little to clip' },
  ),
  technique('gradients', 'plugin', 'adaptiveClip', 'clips each unit’s gradient by the norm of its incoming weights W', {
    maxRatio: 0.01,
  }),
  technique('gradients', 'plugin', 'centralize', 'subtracts the mean over the fan-in of each unit, on kernels', {}),
  technique(
    'gradients',
    'plugin',
    'gradientNoise',
    'adds noise that decreases with the update t, drawn from the run’s seed',
    { eta: 0.01 },
  ),
  technique(
    'gradients',
    'plugin',
    'sam',
    'takes the gradient at the worst point nearby; the second pass replays the masks of the first',
    { rho: 0.05 },
  ),
  technique(
    'gradients',
    'plugin',
    'accumulate',
    'computes each batch in k parts and makes one update; the result equals that of the whole batch, including masks',
    { parts: 4 },
  ),
  technique(
    'averaging',
    'plugin',
    'ema',
    'averages the weights after every update, or after every nth (every); evaluation uses the average, and the model ends with it',
    { decay: 0.999 },
  ),
  technique(
    'averaging',
    'plugin',
    'lookahead',
    'every 5 updates slow weights follow the fast ones, and training continues from them; the model ends with the slow weights',
    {},
    { ema: 'averages the fast weights and their jumps back; use one of the two' },
  ),
  technique(
    'augment',
    'plugin',
    'labelSmoothing',
    'spreads a fraction ε of each label over all K classes',
    { smoothing: 0.1 },
    { mixup: 'with large α it already smooths; the order of the two does not matter' },
  ),
  technique('augment', 'plugin', 'mixup', 'mixes inputs and labels of two samples, λ ~ Beta(α, α) for each', {
    alpha: 0.2,
  }),
  technique('augment', 'plugin', 'inputNoise', 'Gaussian noise on inputs of any rank', { stddev: 0.1 }),
];
