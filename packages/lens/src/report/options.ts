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
  /** Rows that were not trained on; without them variance cannot be told. */
  readonly validation?: ArrayData | null;
  /** As in `fit`; by default the one that the model was compiled with, else the one that goes with its last activation. */
  readonly loss?: FitOptions['loss'] | null;
  /** How the model was trained: the run of `fit`, or a history. Tells whether training was over, and whose masks to draw again. */
  readonly run?: RunLike | null;
  /** What the model is trained with: a saved model does not know. Their penalties are part of J. */
  readonly plugins?: readonly Plugins[];
  /** Dropout to ask about instead of the model's own, as `keepProbs(model, …)` has it. */
  readonly keepProbs?: KeepProbs | null;
  /** keepProb of the input, or of each input by name; with `keepProbs`. */
  readonly input?: number | KeepProbs;
  /**
   * Trains pairs of runs with and without dropout, over seeds, to find out whether it helps: takes as long as that. `true`, or how: `seeds`, `epochs`,
   * `batchSize`, `optimizer`.
   */
  readonly measure?: boolean | MeasureOptions;
  /** The run's, for its masks; by default that of `run`. */
  readonly seed?: number | null;
  /** Index of the update whose network is shown; by default the 101st of the run, or its last. */
  readonly step?: number | null;
  /** Which sections, all by default. Those left out are named. */
  readonly sections?: readonly SectionName[];
  /** How suggestions are written: lines of JavaScript, or entries of a config in JSON. */
  readonly written?: Written;
  /** Heading of the page. */
  readonly title?: string;
  /** At most n rows, drawn at random, for what looks at activations. */
  readonly limitRows?: number;
  /** Ends it; the promise rejects with the reason of the signal. */
  readonly signal?: AbortSignal | null;
  /** Who is told how far it has come; nobody by default. */
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
