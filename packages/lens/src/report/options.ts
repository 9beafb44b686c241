import { type OptionSpecs, option, type Plugins } from '@keepprob/core';
import type { ArrayData, FitOptions } from '@keepprob/trainer';
import type { DiagnoseOptions } from '../diagnose/diagnoseOptions.ts';
import type { RunLike } from '../diagnose/observed.ts';
import { isProgress, type LensProgress } from '../finding/progress.ts';
import { type SectionName, sectionNames } from './sectionNames.ts';

type KeepProbs = Readonly<Record<string, number>>;

export interface ReportOptions {
  /** Rows that were not trained on; without them variance cannot be told. */
  readonly dev?: ArrayData | null;
  /** As in `fit`; by default the one that the model was compiled with, else the one that goes with its last activation. */
  readonly loss?: FitOptions['loss'] | null;
  /** How the model was trained: the run of `fit`, or a history. Tells whether training was over, and whose masks to draw again. */
  readonly run?: RunLike | null;
  /** What the model is trained with: a saved model does not know. Their penalties are part of J. */
  readonly plugins?: readonly Plugins[];
  /** Dropout to ask about instead of the model's own, as `keepProbs(model, …)` has it. */
  readonly keepProbs?: KeepProbs | null;
  readonly input?: number | KeepProbs;
  /**
   * Trains pairs of runs with and without dropout, over seeds, to find out whether it helps: takes as long as that. `true`, or how: `seeds`, `epochs`,
   * `batchSize`, `optimizer`.
   */
  readonly measure?: boolean | Pick<DiagnoseOptions, 'seeds' | 'epochs' | 'batchSize' | 'optimizer'>;
  /** The run's, for its masks; by default that of `run`. */
  readonly seed?: number | null;
  /** Index of the update whose network is shown; by default the 101st of the run, or its last. */
  readonly step?: number | null;
  /** Which ones, all by default. Those left out are named. */
  readonly sections?: readonly SectionName[];
  /** Heading of the page. */
  readonly title?: string;
  /** At most n rows, drawn, for what looks at activations. */
  readonly limitRows?: number;
  readonly signal?: AbortSignal | null;
  readonly progress?: LensProgress;
}

export type CheckedReport = Required<ReportOptions>;

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const orNull =
  (accepts: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === null || accepts(value);
const isWhole = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

export const reportSpecs: OptionSpecs<ReportOptions> = {
  dev: option.custom<ArrayData | null>('{ x, y }, or null', orNull(isObject), { fallback: null }),
  loss: option.custom<FitOptions['loss'] | null>(
    'a loss as fit takes it',
    value => value === null || ['string', 'function', 'object'].includes(typeof value),
    { fallback: null },
  ),
  run: option.custom<RunLike | null>('a run of fit, or a history', orNull(isObject), { fallback: null }),
  plugins: option.custom<readonly Plugins[]>('a list of training plugins', Array.isArray, { fallback: [] }),
  keepProbs: option.custom<KeepProbs | null>('an object of keepProbs by layer name', orNull(isObject), {
    fallback: null,
  }),
  input: option.custom<number | KeepProbs>(
    'a keepProb, or an object of them by input name',
    value => typeof value === 'number' || isObject(value),
    { fallback: 1 },
  ),
  measure: option.custom<NonNullable<ReportOptions['measure']>>(
    'true, false, or { seeds, epochs, batchSize, optimizer }',
    value => typeof value === 'boolean' || isObject(value),
    { fallback: false },
  ),
  seed: option.custom<number | null>('an integer ≥ 0', orNull(isWhole), { fallback: null }),
  step: option.custom<number | null>('an integer ≥ 0', orNull(isWhole), { fallback: null }),
  sections: option.custom<readonly SectionName[]>(
    `a list of some of ${sectionNames.join(', ')}`,
    value => Array.isArray(value) && value.length > 0 && value.every(name => sectionNames.includes(name)),
    { fallback: sectionNames },
  ),
  title: option.custom<string>('a string', value => typeof value === 'string', { fallback: '' }),
  limitRows: option.number({ min: 1, integer: true, fallback: 1000 }),
  signal: option.custom<AbortSignal | null>(
    'an AbortSignal',
    orNull(v => typeof v === 'object' && 'aborted' in (v as object)),
    {
      fallback: null,
    },
  ),
  progress: option.custom<LensProgress>("'lines', false, or a function of an event", isProgress, { fallback: 'lines' }),
};
