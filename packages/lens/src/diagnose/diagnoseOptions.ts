import { type OptionSpecs, option, type Plugins } from '@keepprob/core';
import type * as tf from '@tensorflow/tfjs-core';
import { type LensProgress, progressOption } from '../finding/progress.ts';
import { dropoutOptions } from '../model/questionOptions.ts';

/** Options of `diagnose`. */
export interface DiagnoseOptions {
  /** Trains the architecture of the model with and without dropout, over seeds, and says whether dropout helps. The model itself is not trained. */
  readonly measure?: boolean;
  /** Pairs of runs. */
  readonly seeds?: number;
  /** By default as many as make 600 updates. */
  readonly epochs?: number | null;
  /** Rows per update of the runs that are trained. */
  readonly batchSize?: number;
  /** Its settings are used, and its state is left alone; Adam at 0.001 by default. */
  readonly optimizer?: tf.Optimizer | null;
  /** Training plugins, in both arms. */
  readonly plugins?: readonly Plugins[];
  /** Where the one arm drops, as `keepProbs(model, …)` has it; by default where the model does, else 0.5 behind each hidden layer. */
  readonly keepProbs?: Readonly<Record<string, number>> | null;
  /** keepProb of the input in that arm. */
  readonly input?: number | Readonly<Record<string, number>>;
  /** Loss that can be reached: that of a person, say, or of the noise in the labels. */
  readonly target?: number;
  /** Loss of a guess that ignores the input; by default from the labels, or the highest of the history. */
  readonly baseline?: number | null;
  /** Bias and variance below this share of baseline − target are taken for none. */
  readonly tolerance?: number;
  /** The confidence of every interval. */
  readonly confidence?: number;
  /** The seed of the first pair. */
  readonly seed?: number;
  /** Ends it; the promise rejects with the reason of the signal. */
  readonly signal?: AbortSignal | null;
  /** Who is told how far it has come; nobody by default. */
  readonly progress?: LensProgress;
}

export type CheckedOptions = Required<DiagnoseOptions>;

export const diagnoseSpecs: OptionSpecs<DiagnoseOptions> = {
  measure: option.boolean({ fallback: false }),
  seeds: option.number({ min: 2, integer: true, fallback: 5 }),
  epochs: option.orNull(option.number({ min: 1, integer: true })),
  batchSize: option.number({ min: 1, integer: true, fallback: 32 }),
  optimizer: option.orNull(option.optimizer()),
  plugins: option.plugins(),
  ...dropoutOptions,
  target: option.number({ min: 0, fallback: 0 }),
  baseline: option.orNull(option.number({ above: 0 })),
  tolerance: option.number({ above: 0, below: 1, fallback: 0.05 }),
  confidence: option.number({ min: 0.5, below: 1, fallback: 0.95 }),
  seed: option.number({ min: 0, integer: true, fallback: 0 }),
  signal: option.signal(),
  progress: { ...progressOption, fallback: 'lines' },
};
