import { type OptionSpecs, option, type Plugins } from '@keepprob/core';
import type { ArrayData, FitOptions } from '@keepprob/trainer';
import type { DiagnoseOptions } from '../diagnose/diagnoseOptions.ts';
import type { RunLike } from '../diagnose/observed.ts';
import { type LensProgress, progressOption } from '../finding/progress.ts';
import { dropoutOptions, lossOption } from '../model/questionOptions.ts';
import type { Written } from '../suggest/change.ts';
import { type SectionName, sectionNames } from './sectionNames.ts';

type KeepProbs = Readonly<Record<string, number>>;

type MeasureOptions = Pick<DiagnoseOptions, 'seeds' | 'epochs' | 'batchSize' | 'optimizer'>;

/** Options of `report`. */
export interface ReportOptions {
  /** Rows that the model was not trained on; none by default. Without them, variance cannot be judged. */
  readonly validation?: ArrayData | null;
  /** As in `fit`; by default the one that the model was compiled with, or else the one that matches its last activation. */
  readonly loss?: FitOptions['loss'] | null;
  /** The run of `fit` that trained the model, or its history: tells whether training was over, and which masks to draw again. None by default. */
  readonly run?: RunLike | null;
  /** The training plugins, which are not saved with a model; none by default. Their penalties are part of J. */
  readonly plugins?: readonly Plugins[];
  /** The dropout to examine, as in `keepProbs(model, …)`; by default the model's own. */
  readonly keepProbs?: KeepProbs | null;
  /** With `keepProbs`: keepProb of the input, or of each input by name; 1 by default. */
  readonly input?: number | KeepProbs;
  /**
   * Whether to train pairs of runs with and without dropout, over several seeds, to find out whether it helps; false by default, since it takes that much
   * training. True, or an object of `seeds`, `epochs`, `batchSize`, `optimizer`.
   */
  readonly measure?: boolean | MeasureOptions;
  /** The seed of the run, for its masks; by default that of `run`. */
  readonly seed?: number | null;
  /** Index of the update whose network is shown; by default the 101st of the run, or its last. */
  readonly step?: number | null;
  /** The sections to include; all by default. The page names those left out. */
  readonly sections?: readonly SectionName[];
  /** How suggestions are written: as lines of JavaScript ('code', the default), or as entries of a JSON config ('json'). */
  readonly written?: Written;
  /** Heading of the page; by default it names the model. */
  readonly title?: string;
  /** Maximum number of rows, drawn at random, for the sections that examine activations; 1,000 by default. */
  readonly limitRows?: number;
  /** Aborts: the promise rejects with the signal's reason. None by default. */
  readonly signal?: AbortSignal | null;
  /** 'lines' (the default), false, or a function that gets every event. */
  readonly progress?: LensProgress;
}

export type CheckedReport = Required<ReportOptions>;

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

export const reportSpecs: OptionSpecs<ReportOptions> = {
  validation: option.orNull(option.custom<ArrayData>('{ x, y }', isObject)),
  loss: option.orNull(lossOption),
  run: option.orNull(option.custom<RunLike>('a run of fit, or a history', isObject)),
  plugins: option.plugins(),
  ...dropoutOptions,
  measure: option.either(
    option.boolean(),
    option.custom<MeasureOptions>('{ seeds, epochs, batchSize, optimizer }', isObject),
    { fallback: false },
  ),
  seed: option.seed(),
  step: option.orNull(option.number({ min: 0, integer: true })),
  sections: option.someOf(sectionNames, { fallback: sectionNames }),
  written: option.oneOf<Written>(['code', 'json'], { fallback: 'code' }),
  title: option.custom<string>('a string', value => typeof value === 'string', { fallback: '' }),
  limitRows: option.number({ min: 1, integer: true, fallback: 1000 }),
  signal: option.signal(),
  progress: { ...progressOption, fallback: 'lines' },
};
