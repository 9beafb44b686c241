import { checkOptions, type Mode, modeOption, type OptionSpecs, option } from '@keepprob/core';
import { oneStandardError } from '../choice/oneStandardError.ts';
import type { Chooser, Engine, Pruner, Sampler, Splitter } from '../contract.ts';
import { inProcess } from '../engines/inProcess.ts';
import * as parts from '../parts.ts';
import { paired } from '../pruners/paired.ts';
import { tpe } from '../samplers/tpe.ts';
import { kFold } from '../splits/kFold.ts';
import type { SearchListener, SearchProgress } from './progress.ts';

/** How the best trials are measured again. */
export interface ConfirmOptions {
  /** The best so many trials; "off" is always among them. */
  readonly top?: number;
  /** Fresh partitions of the rows, each with fresh seeds: `seeds` × the folds of one partition are the pairs that the choice rests on. */
  readonly seeds?: number;
}

/** Options of `search`. Only `space` is required. */
export interface SearchOptions<C = unknown> {
  /** A config with spaces in the places of the values that are searched. */
  readonly space: C;
  /** Which rows are trained and validated on; five folds unless said. */
  readonly folds?: Splitter;
  /** The log of the validation rows that is searched by, such as `valAccuracy`. */
  readonly metric?: string;
  /** Whether less or more of it is better; 'auto' goes by its name, as early stopping does. */
  readonly mode?: Mode;
  /** Points that are tried, "off" among them. A search that goes on may be given more. */
  readonly trials?: number;
  /** Milliseconds after which no further trial begins. What follows, from the confirmation to the refit, takes its own time. */
  readonly maxTime?: number | null;
  /** Of points, folds, weights and masks. Random unless given; `found.seed` tells it, and a search that goes on takes it from its journal. */
  readonly seed?: number | null;
  /** Proposes the points. */
  readonly sampler?: Sampler;
  /** Ends trials that cannot win; `none()` ends no trial. */
  readonly pruner?: Pruner;
  /** The best are measured again on fresh pairs, since the best of many is partly luck; false for no confirmation. */
  readonly confirm?: ConfirmOptions | false;
  /** Chooses among those that were confirmed. */
  readonly choose?: Chooser;
  /** Trains the chosen one on all rows, for the mean of the epochs at which its units were best. */
  readonly refit?: boolean;
  /** 'standardize' gives each feature of x mean 0 and variance 1, fitted to the training rows of each fold. */
  readonly scale?: 'standardize' | null;
  /** A folder for the journal, in Node; null for memory. */
  readonly store?: string | null;
  /** Goes on with the search in the folder, if there is one: with one worker it comes to what it would have come to without the interruption. */
  readonly resume?: boolean;
  /** Where units are computed. */
  readonly engine?: Engine;
  /** Ends the search; what was measured stays in the journal, and `found` tells what it came to so far. */
  readonly signal?: AbortSignal | null;
  /** 'lines', false, or a function that gets every event, and is waited for. */
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
  refit: option.boolean({ fallback: true }),
  scale: option.orNull(option.oneOf(['standardize'])),
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
