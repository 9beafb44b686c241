import type { Plugins } from '@keepprob/core';
import { OptionError, type OptionSpecs, option } from '@keepprob/core';
import { isTable } from '@keepprob/core/driver';
import type * as tf from '@tensorflow/tfjs-core';
import type { ModelCompileArgs } from '@tensorflow/tfjs-layers';
import type { CheckpointOptions } from './checkpoint/saving.ts';
import type { TrainingData } from './data/given.ts';
import type { RunListener } from './listeners/listener.ts';
import type { Listener, Progress } from './listeners/progress.ts';
import type { ValidationFreq } from './loop/validationFreq.ts';

/** Weights by class. */
export type ClassWeight = Readonly<Record<number, number>>;

/** Options of `fit`. Only `loss` and `optimizer` are required. */
export interface FitOptions {
  /** The name of a loss, a function (yTrue, yPred) => loss per sample, or a list or record of these by output: anything that `model.compile` takes. */
  readonly loss: ModelCompileArgs['loss'];
  /** Weight of each output's loss in the sum: a list in the order of the outputs, or a record by name. Outputs that are not named weigh 1, as all do by default. */
  readonly lossWeights?: readonly number[] | Readonly<Record<string, number>> | null;
  /** A `tf.Optimizer`, or its name with TF.js' default settings. */
  readonly optimizer: tf.Optimizer | string;
  /** Passes over the data; 1 by default. */
  readonly epochs?: number;
  /** Rows per update, for arrays; 32 by default. The last batch may be smaller. Streams bring their own batches. */
  readonly batchSize?: number;
  /** Whether to leave out the last batch of an epoch if it is smaller than `batchSize`; false by default. Arrays only. */
  readonly dropLast?: boolean;
  /** At most n batches of training and of validation data in each epoch; null, the default, sets no limit. */
  readonly limitBatches?: number | null;
  /**
   * An epoch is n batches of a stream. The stream continues from epoch to epoch and restarts when it ends. Use it for endless streams and for generators,
   * which can be read only once. A function then receives the number of the pass, not of the epoch. Streams only; null, the default, reads the whole stream
   * in each epoch.
   */
  readonly stepsPerEpoch?: number | null;
  /**
   * Trains on the first n batches only, in one order, and uses them as validation data as well: a network that is sound and large enough learns them by
   * heart. Null by default.
   */
  readonly overfitBatches?: number | null;
  /**
   * Whether to run one epoch with one batch of training and one of validation data, to see that everything works; false by default. There is no checkpoint,
   * no `resume` and no listener, so files stay as they are.
   */
  readonly fastDevRun?: boolean;
  /** Milliseconds after which training ends, as by `signal`; null, the default, sets no limit. */
  readonly maxTime?: number | null;
  /** How many batches of a stream are fetched ahead while the network computes; 0 by default. */
  readonly prefetch?: number;
  /** The seed of shuffling and of every layer and plugin without its own seed. Random by default; `run.seed` holds it. */
  readonly seed?: number | null;
  /** Whether to shuffle the rows before each epoch, in an order determined by the seed; true by default. Arrays only. */
  readonly shuffle?: boolean;
  /** Validation data, for `valLoss`, `valPenalty`, `valCost` and a `val…` of each metric; none by default. */
  readonly validation?: TrainingData | null;
  /** At most n batches of validation data, of `batchSize` rows for arrays; by default as many as `limitBatches`. */
  readonly validationBatches?: number | null;
  /**
   * After which epochs the validation data are evaluated, as in Keras: every nth, or a list of epochs, counted from 1. By default after each. The other
   * epochs have no `val…` logs (NaN in the history), and plugins that watch such a log skip them: patience counts evaluated epochs only.
   */
  readonly validationFreq?: ValidationFreq;
  /** Uses this fraction of the arrays, their last rows, as validation data, as in Keras, and does not train on them. Shuffle sorted data first. Null by default. */
  readonly validationSplit?: number | null;
  /** Names or functions, as `model.compile` accepts them; none by default. */
  readonly metrics?: ModelCompileArgs['metrics'] | null;
  /** Training plugins, in the order in which they act; none by default. */
  readonly plugins?: readonly Plugins[];
  /**
   * Weight of each class in the loss, { 0: 1, 1: 5 }; for a model with several outputs by their names, { tags: { 0: 1, 1: 5 } }. Labels are one-hot or
   * integers. Classes that are not named weigh 1, as all do by default.
   */
  readonly classWeight?: ClassWeight | Readonly<Record<string, ClassWeight>> | null;
  /** Where the run is saved after each epoch, and after every `every` updates, so that it can resume from there. Null, the default, saves nothing. */
  readonly checkpoint?: CheckpointOptions | null;
  /**
   * Whether to resume from the newest checkpoint in the store, if there is one; false by default. The final weights are bit for bit those of a run that was
   * never interrupted. A checkpoint from a different model, optimizer, list of plugins or data is refused; 'force' takes what fits from it. Streams are read again
   * up to where the run was.
   */
  readonly resume?: boolean | 'force';
  /** Functions that receive every event, like `progress`, along with the weights; none by default. `fit` waits for them, and closes them at the end. */
  readonly listeners?: readonly RunListener[];
  /**
   * Ends training cleanly after the step, or the batch of an evaluation, in progress; none by default. The history is kept, except for an epoch that was not fully
   * evaluated; a resumed run finishes that epoch.
   */
  readonly signal?: AbortSignal | null;
  /** 'bar' (the default; lines if there is no terminal), 'lines', false, or a function that receives every event and may be async. */
  readonly progress?: Progress;
  /**
   * Called with the event of the last step whenever `fit` yields to timers and the page, at most every 16 ms. Use it for drawing; `fit` waits for it. Null by
   * default.
   */
  readonly onYield?: Listener | null;
  /**
   * How many training rows are evaluated with dropout off after each epoch, for `cleanLoss` and the gap: true, the default, takes all up to 10,000 (with
   * `stepsPerEpoch`, at most that many batches of the stream), false takes none, and a number n takes n.
   */
  readonly trainEvaluation?: boolean | number;
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
const lossOrMetric = (value: unknown): boolean =>
  ['string', 'function'].includes(typeof value) || Array.isArray(value) || isTable(value);

const weight = option.number({ min: 0 });
const weights = option.record(weight);
const classWeight = option.custom<ClassWeight>(
  weights.expected,
  v => weights.accepts(v) && Object.keys(v).every(name => /^\d+$/.test(name)),
);

const epochNumber = option.number({ min: 1, integer: true });
const countOrNull = option.orNull(epochNumber);

export const fitOptions: OptionSpecs<FitOptions> = {
  loss: option.custom(
    'the name of a loss, a function (yTrue, yPred), or a list or record of these by output',
    lossOrMetric,
  ),
  lossWeights: option.orNull({
    ...option.either(option.list(weight), option.record(weight)),
    expected: 'a list or record of numbers ≥ 0 by output',
  }),
  optimizer: option.either(option.optimizer(), { ...option.string(), expected: 'its name' }),
  epochs: option.number({ min: 1, integer: true, fallback: 1 }),
  batchSize: option.number({ min: 1, integer: true, fallback: 32 }),
  dropLast: option.boolean({ fallback: false }),
  limitBatches: countOrNull,
  stepsPerEpoch: countOrNull,
  overfitBatches: countOrNull,
  fastDevRun: option.boolean({ fallback: false }),
  maxTime: option.orNull(option.custom<number>('a number of milliseconds > 0', v => typeof v === 'number' && v > 0)),
  prefetch: option.number({ min: 0, integer: true, fallback: 0 }),
  seed: option.seed(),
  shuffle: option.boolean({ fallback: true }),
  validation: option.orNull(
    option.custom<TrainingData>(
      'data: { x, y }, a dataset or an async iterable',
      v => isObject(v) || typeof v === 'function',
    ),
  ),
  validationBatches: countOrNull,
  validationFreq: {
    ...option.either(epochNumber, option.list(epochNumber), { fallback: 1 }),
    expected: 'an integer ≥ 1, or a list of epochs, counted from 1',
  },
  validationSplit: option.orNull(option.number({ above: 0, below: 1 })),
  metrics: option.orNull(option.custom<ModelCompileArgs['metrics']>('names or functions of metrics', lossOrMetric)),
  plugins: option.plugins(),
  classWeight: option.orNull({
    ...option.either(classWeight, option.record(classWeight)),
    expected: 'an object of numbers ≥ 0 by class, or of such objects by output',
  }),
  checkpoint: option.orNull(option.custom<CheckpointOptions>('{ store, every, keep, best, mode }', isObject)),
  resume: option.oneOf([true, false, 'force'], { fallback: false }),
  listeners: option.list(option.fn<RunListener>(), { fallback: [] }),
  signal: option.signal(),
  progress: option.either(option.oneOf(['bar', 'lines', false]), option.fn<Listener>(), { fallback: 'bar' }),
  onYield: option.orNull(option.fn<Listener>()),
  trainEvaluation: option.either(option.boolean(), option.number({ min: 1, integer: true }), { fallback: true }),
};

/**
 * The options, with `fastDevRun` and `overfitBatches` replaced by the settings that they imply.
 * @throws OptionError for options that exclude each other
 */
export function resolveShortcuts(options: Required<FitOptions>): Required<FitOptions> {
  const { fastDevRun, overfitBatches } = options;
  checkTogether(options);
  const one = { stepsPerEpoch: null, validationBatches: null };
  if (fastDevRun) {
    const short = { ...one, validationFreq: 1, epochs: 1, limitBatches: 1, overfitBatches: null } as const;
    return { ...options, ...short, checkpoint: null, resume: false, listeners: [] };
  }
  if (overfitBatches === null) return options;
  return { ...options, ...one, shuffle: false, limitBatches: overfitBatches, validation: null, validationSplit: null };
}

function checkTogether({ validation, validationSplit, limitBatches, stepsPerEpoch }: Required<FitOptions>): void {
  if (validation !== null && validationSplit !== null)
    throw OptionError.of(
      'fit',
      'validationSplit',
      'null, since the validation data are given in `validation`',
      validationSplit,
    );
  if (limitBatches !== null && stepsPerEpoch !== null)
    throw OptionError.of(
      'fit',
      'stepsPerEpoch',
      'null, since `limitBatches` is given: one of them says how long an epoch is',
      stepsPerEpoch,
    );
}
