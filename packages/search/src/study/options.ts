import { checkOptions, type Mode, modeOption, type OptionSpecs, option } from '@keepprob/core';
import { oneStandardError } from '../choice/oneStandardError.ts';
import type { Chooser, Engine, Pruner, Sampler, ScaleKind, Splitter } from '../contract.ts';
import { inProcess } from '../engines/inProcess.ts';
import * as parts from '../parts.ts';
import { paired } from '../pruners/paired.ts';
import { tpe } from '../samplers/tpe.ts';
import { kFold } from '../splits/kFold.ts';
import type { SearchListener, SearchProgress } from './progress.ts';

/** Options for measuring the best trials again. */
export interface ConfirmOptions {
  /** Number of best trials to measure again, in addition to "off"; 5 by default. */
  readonly top?: number;
  /** Number of fresh partitions of the rows, each with fresh seeds; 5 by default. The choice rests on `seeds` × the folds of one partition. */
  readonly seeds?: number;
}

/** Options of `search`. Only `space` is required. */
export interface SearchOptions<C = unknown> {
  /** A config with spaces in place of the values to search. */
  readonly space: C;
  /** Splits the rows into training and validation rows; `kFold()` by default, with five folds. */
  readonly folds?: Splitter;
  /** The log on the validation rows to optimize, such as `valAccuracy`; 'valLoss' by default. */
  readonly metric?: string;
  /** Whether lower or higher is better; 'auto', the default, infers it from the name of the metric, as early stopping does. */
  readonly mode?: Mode;
  /** Number of points to try, including "off"; 30 by default. A resumed search may be given more. */
  readonly trials?: number;
  /** Milliseconds after which no further trial starts; null, the default, sets no limit. Confirmation and refit take additional time. */
  readonly maxTime?: number | null;
  /** The seed of points, folds, weights and masks. Random by default, and then in `found.seed`; a resumed search takes it from its journal. */
  readonly seed?: number | null;
  /** Proposes the points; `tpe()` by default. */
  readonly sampler?: Sampler;
  /** Ends trials that cannot win; `paired()` by default. `none()` never ends a trial. */
  readonly pruner?: Pruner;
  /**
   * How the best trials are measured again on fresh pairs, since the best of many is partly luck: by default the best five, on five partitions. False for no
   * confirmation.
   */
  readonly confirm?: ConfirmOptions | false;
  /** Chooses among the confirmed trials; `oneStandardError()` by default. */
  readonly choose?: Chooser;
  /**
   * Outer folds for nested cross-validation, `found.nested`: the whole search is repeated on the training rows of each outer fold, and its choice is trained
   * there and measured on the validation rows. With k outer folds this takes k times as many trainings. Null, the default, for none.
   */
  readonly nested?: Splitter | null;
  /** Whether to train the chosen trial on all rows, for the mean of the epochs at which its units were best; true by default. */
  readonly refit?: boolean;
  /**
   * 'standardize' gives each feature of x mean 0 and variance 1, 'unit' the range from 0 to 1, measured on the training rows of each fold. Null, the default,
   * leaves x as it is.
   */
  readonly scale?: ScaleKind | null;
  /** A folder for the journal, in Node; null, the default, keeps it in memory. */
  readonly store?: string | null;
  /** Whether to continue the search in the folder, if there is one; false by default. With one worker the result is that of a search without the interruption. */
  readonly resume?: boolean;
  /** Computes the units; `inProcess()` by default. */
  readonly engine?: Engine;
  /** Ends the search; none by default. The journal keeps what was measured, and `found` has the result so far. */
  readonly signal?: AbortSignal | null;
  /** 'lines' (the default), false, or a function that gets every event; the search waits for it. */
  readonly progress?: SearchProgress;
}

const confirmSpecs: OptionSpecs<ConfirmOptions> = {
  top: option.number({ min: 1, integer: true, fallback: 5 }),
  seeds: option.number({ min: 1, integer: true, fallback: 5 }),
};

export const searchOptions: OptionSpecs<SearchOptions> = {
  space: option.custom<unknown>('a config with spaces in it', value => typeof value === 'object' && value !== null),
  folds: { ...parts.splitter, fallback: kFold() },
  metric: { ...option.string(), fallback: 'valLoss' },
  mode: modeOption,
  trials: option.number({ min: 1, integer: true, fallback: 30 }),
  maxTime: option.orNull(option.number({ above: 0 })),
  seed: option.seed(),
  sampler: { ...parts.sampler, fallback: tpe() },
  pruner: { ...parts.pruner, fallback: paired() },
  confirm: option.custom<ConfirmOptions | false>(
    '{ top, seeds }, or false',
    value => value === false || (typeof value === 'object' && value !== null),
    { fallback: {} },
  ),
  choose: { ...parts.chooser, fallback: oneStandardError() },
  nested: option.orNull(parts.splitter),
  refit: option.boolean({ fallback: true }),
  scale: option.orNull(parts.scaleOption),
  store: option.orNull(option.string()),
  resume: option.boolean({ fallback: false }),
  engine: { ...parts.engine, fallback: inProcess() },
  signal: option.signal(),
  progress: option.either(option.oneOf(['lines', false]), option.fn<SearchListener>(), { fallback: 'lines' }),
};

/** The options, checked. */
export interface Checked extends Omit<Required<SearchOptions>, 'confirm'> {
  readonly confirm: Required<ConfirmOptions> | null;
}

/** @throws OptionError for unknown options and wrong values */
export function checkSearchOptions(given: unknown): Checked {
  const options = checkOptions<SearchOptions>('search', searchOptions, given);
  const { confirm } = options;
  return {
    ...options,
    confirm: confirm === false ? null : checkOptions<ConfirmOptions>('search: confirm', confirmSpecs, confirm),
  };
}
