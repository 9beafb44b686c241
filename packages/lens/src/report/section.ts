/** A section of the report: a question, and its answer or the reason why there is no answer. */
import { DataError, OptionError } from '@keepprob/core';
import type { ArrayData, FitOptions } from '@keepprob/trainer';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { DiagnoseOptions } from '../diagnose/diagnoseOptions.ts';
import type { Diagnosis } from '../diagnose/types.ts';
import type { LensListener } from '../finding/progress.ts';
import type { Html } from './html.ts';
import type { CheckedReport } from './options.ts';
import type { Sample } from './sample.ts';

/** `good`: as it should be. `act`: something to do. `open`: undecided. `plain`: a fact. */
export type Tone = 'good' | 'act' | 'open' | 'plain';

/** The answer of a section. */
export interface Answer<F = unknown> {
  /** The answer in a sentence or two. */
  readonly verdict: string;
  /** How the verdict is meant. */
  readonly tone: Tone;
  /** The content below the verdict. */
  readonly body: readonly Html[];
  readonly finding: F;
  /** What else could not be determined, and why. */
  readonly unknown?: readonly string[];
}

/** The model and data that a report is about. */
export interface Subject {
  readonly model: LayersModel;
  /** All rows, as given. */
  readonly data: ArrayData | null;
  /** A sample of them, as tensors, for sections that examine activations. */
  readonly sample: Sample | null;
  /** Null if it is not known. */
  readonly loss: FitOptions['loss'] | null;
  readonly options: CheckedReport;
  /** Bias or variance, computed once. Throws CannotTell if there are no rows for it. */
  readonly diagnosed: () => Promise<Diagnosis>;
  /** Pairs of runs with and without dropout, trained once. Throws CannotTell if they were not requested. */
  readonly measured: () => Promise<Diagnosis>;
  readonly tell: LensListener;
}

export interface Section<F = unknown> {
  readonly question: string;
  /** @throws CannotTell for a stated reason; OptionError and DataError say what is wrong with this model and these data */
  answer(subject: Subject): Answer<F> | Promise<Answer<F>>;
}

/** A question that cannot be answered; the message is the reason, as a sentence. */
export class CannotTell extends Error {
  override readonly name: string = 'CannotTell';
}

/** Whether an error explains why a question cannot be answered. Options were checked before, so such an error is about the model or the data. */
export const isReason = (error: unknown): error is Error =>
  error instanceof CannotTell || error instanceof OptionError || error instanceof DataError;

/** The result, or null if there is none for a stated reason. */
export async function orNull<T>(asked: () => Promise<T>): Promise<T | null> {
  try {
    return await asked();
  } catch (error) {
    if (isReason(error)) return null;
    throw error;
  }
}

/** Options for `diagnose`. */
export const diagnosing = ({ options, tell }: Subject) =>
  ({
    signal: options.signal,
    seed: options.seed ?? 0,
    progress: tell,
    confidence: 0.95,
    tolerance: 0.05,
  }) satisfies DiagnoseOptions;

/** The rows with their labels, and the loss. */
export function labelled({ data, loss }: Subject): { readonly data: ArrayData; readonly loss: FitOptions['loss'] } {
  if (!data) throw new CannotTell('No data were given.');
  if (data.y === undefined) throw new CannotTell('The data have no labels.');
  if (!loss) throw new CannotTell('The loss is not known: the model is not compiled, and its outputs imply none.');
  return { data, loss };
}
