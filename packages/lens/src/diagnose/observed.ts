/** What was observed of a model, from any source; `diagnose` draws its conclusions from this. */
import { DataError, option } from '@keepprob/core';
import { checkArgument, checkModel, show } from '@keepprob/core/driver';
import type { ArrayData, FitOptions, FittedRun } from '@keepprob/trainer';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { lossToUse } from '../model/lossToUse.ts';
import { lossOption } from '../model/questionOptions.ts';
import type { Measured } from '../statistics/measured.ts';
import { baselineOf } from './baseline.ts';
import { type Curves, curvesOf, type History } from './curves.ts';
import type { CheckedOptions } from './diagnoseOptions.ts';
import type { DropoutEffect } from './dropoutEffect.ts';
import type { Evidence } from './judge.ts';

/** The result of `fit` or of stock fit, or the history of either. */
export type RunLike =
  | (Pick<FittedRun, 'history'> & Partial<Pick<FittedRun, 'stopped'>>)
  | { readonly history: History }
  | History;

/** A model and the rows to examine it with. */
export interface ModelAndData {
  /** The trained model. */
  readonly model: LayersModel;
  /** The rows that it was trained on. */
  readonly train: ArrayData;
  /** Rows that it was not trained on. */
  readonly validation: ArrayData;
  /** As in `fit`; by default the one that the model was compiled with, or else the one that matches its last activation. */
  readonly loss?: FitOptions['loss'];
  /** The run that trained it, which tells whether training was over. */
  readonly run?: RunLike;
}

export interface Observed {
  readonly evidence: Evidence;
  readonly validation: Measured;
  /** Shares of rows that the model gets wrong; null if there are no classes. */
  readonly errorRate: { readonly train: number; readonly validation: number } | null;
  readonly curves: Curves | null;
  /** Number of validation rows; null if not known. */
  readonly rows: number | null;
  readonly dropout: DropoutEffect | null;
  /** Why there is too little data for any verdict; null if there is enough. */
  readonly tooFew: string | null;
  readonly warnings: readonly string[];
}

export const historyOf = (run: RunLike): History => {
  const { history } = run as { readonly history?: History };
  return history && !Array.isArray(history) ? history : (run as History);
};

/** Why `fit` ended before its last epoch. */
export const stoppedOf = (run: RunLike): unknown => ('stopped' in run && 'history' in run ? run.stopped : undefined);

/** @throws DataError for a value that is neither a run nor a history */
export function curvesOfRun(run: RunLike): Curves {
  if (typeof run !== 'object' || run === null) throw DataError.of('diagnose', 'a run of fit, or a history', show(run));
  return curvesOf('diagnose', historyOf(run), stoppedOf(run));
}

/** @throws OptionError if `model` is not a model or has no loss; DataError for missing data */
export function checkedModel({ model, train, validation, loss }: ModelAndData): {
  readonly model: LayersModel;
  readonly loss: FitOptions['loss'];
} {
  checkModel(model, 'diagnose');
  checkArgument('diagnose', 'loss', option.orNull(lossOption), loss ?? null);
  for (const [name, data] of Object.entries({ train, validation })) {
    if (!data) throw DataError.of(`diagnose: ${name}`, '{ x, y }', show(data));
  }
  return { model, loss: lossToUse('diagnose', model, loss ?? null) };
}

/** No verdict with fewer rows, at any confidence: the bootstrap interval is too narrow. */
const MIN_ROWS = 30;

export function tooFewRows(train: number, validation: number): string | null {
  const [count, name] = train < validation ? [train, 'training'] : [validation, 'validation'];
  return count < MIN_ROWS ? `${count} ${name} rows are too few; at least ${MIN_ROWS} are needed` : null;
}

/** The loss of a guess: as given, from the labels, or the highest loss seen. */
export async function scaleOf(
  { model, train }: ModelAndData,
  loss: FitOptions['loss'],
  { baseline }: CheckedOptions,
  highest: number,
): Promise<{ readonly baseline: number; readonly about: readonly string[] }> {
  const known = baseline ?? (await baselineOf('diagnose', model, train, loss));
  if (known !== null) return { baseline: known, about: [] };
  const about = 'The loss of a guess is not known for this loss; the highest loss seen is used instead.';
  return { baseline: highest, about: [about] };
}
