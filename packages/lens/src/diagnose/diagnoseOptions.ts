import { type OptionSpecs, option, type Plugins } from '@keepprob/core';
import type * as tf from '@tensorflow/tfjs-core';
import { type LensProgress, progressOption } from '../finding/progress.ts';
import { dropoutOptions } from '../model/questionOptions.ts';

/** Options of `diagnose`. */
export interface DiagnoseOptions {
  /**
   * Whether to train the model's architecture with and without dropout, over several seeds, to find out whether dropout helps; false by default. The model
   * itself is not trained.
   */
  readonly measure?: boolean;
  /** Number of pairs of runs; 5 by default. */
  readonly seeds?: number;
  /** Epochs of each run; by default as many as make 600 updates. */
  readonly epochs?: number | null;
  /** Rows per update in these runs; 32 by default. */
  readonly batchSize?: number;
  /** The optimizer whose settings are used; its own state does not change. Adam at 0.001 by default. */
  readonly optimizer?: tf.Optimizer | null;
  /** Training plugins for the runs with and without dropout; none by default. */
  readonly plugins?: readonly Plugins[];
  /** Dropout of the runs with dropout, as in `keepProbs(model, …)`; by default that of the model, or else 0.5 after each hidden layer. */
  readonly keepProbs?: Readonly<Record<string, number>> | null;
  /** keepProb of the input in the runs with dropout; 1 by default. */
  readonly input?: number | Readonly<Record<string, number>>;
  /** The lowest achievable loss, such as human-level loss or that from noise in the labels; 0 by default. */
  readonly target?: number;
  /** The loss of a guess that ignores the input; by default from the labels, or the highest loss of the history. */
  readonly baseline?: number | null;
  /** Bias and variance below this share of baseline − target count as none; 0.05 by default. */
  readonly tolerance?: number;
  /** The confidence of every interval; 0.95 by default. */
  readonly confidence?: number;
  /** The seed of the first pair; 0 by default. */
  readonly seed?: number;
  /** Aborts: the promise rejects with the signal's reason. None by default. */
  readonly signal?: AbortSignal | null;
  /** 'lines' (the default), false, or a function that gets every event. */
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
