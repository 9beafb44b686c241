/** Types of the result of a search. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { FoldAndSeed } from '../../choice/confirm.ts';
import type { Dimension, Json, Point, UnitResult } from '../../contract.ts';
import type { Importance } from '../../importance/importance.ts';
import type { Scaling } from '../../splits/scaling.ts';

/** A trial of the search. */
export interface FoundTrial<Values = unknown> {
  /** Its number, from 0, in the order in which points were suggested. */
  readonly number: number;
  /** Its point in the space. */
  readonly point: Point;
  /** The config with the values of the point filled in. */
  readonly values: Values;
  /** Whether its regularizers are switched off. */
  readonly isOff: boolean;
  /** 'running' only if the search was aborted. */
  readonly state: 'running' | 'complete' | 'pruned' | 'failed';
  /** The mean of the metric over its units, without those on fresh folds; null if it has none. */
  readonly value: number | null;
  /** Standard error of that mean, from its units alone. */
  readonly error: number | null;
  /** Why it failed; null if it did not. */
  readonly reason: string | null;
  /** The results of its units. */
  readonly units: readonly UnitResult[];
}

/** The chosen trial. */
export interface ChosenTrial<Values = unknown> {
  /** The number of the trial. */
  readonly trial: number;
  /** Its point in the space. */
  readonly point: Point;
  /** The config with the values of the point filled in. */
  readonly values: Values;
  /** The metric to expect: its mean over the folds that the choice rests on. If these are fresh, it is free of luck in the search. */
  readonly value: number;
  /** Standard error of that mean on new data (Nadeau & Bengio 2003). */
  readonly error: number;
  /** Contains the metric to expect, with a confidence of 95 %. */
  readonly interval: readonly [low: number, high: number];
  /** How many pairs of fold and seed it rests on. */
  readonly units: number;
  /** Whether these pairs are fresh. */
  readonly isConfirmed: boolean;
}

/** The metric, space, folds and rows of a search. */
export interface Searched {
  /** The log on the validation rows that was optimized. */
  readonly metric: string;
  /** Whether lower or higher is better. */
  readonly mode: 'min' | 'max';
  /** The dimensions of the space. */
  readonly dimensions: readonly Dimension[];
  /** How the rows were split. */
  readonly folds: { readonly name: string; readonly options: Json };
  /** How x was scaled, measured on the training rows of each fold. */
  readonly scale: string | null;
  /** Number of rows of the data; null if a journal does not say. */
  readonly rows: number | null;
  /** The folds and seeds that every trial was measured on. */
  readonly pairs: readonly FoldAndSeed[];
  /** The fresh pairs on which the best trials were measured again. */
  readonly freshPairs: readonly FoldAndSeed[];
}

/** The result of a search within an outer fold. */
export interface NestedFold {
  /** The point that it chose. */
  readonly point: Point;
  /** Number of epochs that this point was trained for on the fold's training rows. */
  readonly epochs: number;
  /** The metric on the validation rows of the outer fold. */
  readonly value: number;
}

/** The metric to expect from the choice of such a search, measured by nested cross-validation. */
export interface NestedEstimate {
  /** The mean over outer folds. */
  readonly value: number;
  /** Standard error of that mean on new data (Nadeau & Bengio 2003). */
  readonly error: number;
  /** Contains the metric to expect, with a confidence of 95 %. */
  readonly interval: readonly [low: number, high: number];
  /** One result per outer fold. */
  readonly folds: readonly NestedFold[];
}

/** The result of `search`. Numbers survive JSON.stringify. */
export interface Found<Values = unknown> {
  /** The metric, space, folds and rows of the search. */
  readonly searched: Searched;
  /** The chosen trial. */
  readonly chosen: ChosenTrial<Values>;
  /** Comparisons of the chosen trial. */
  readonly against: {
    /** With itself with its regularizers switched off, on the same folds and seeds; null if nothing in the space has an "off", or that failed. */
    readonly off: AgainstOff | null;
  };
  /** The metric to expect from the choice of such a search, on rows that played no part in it; null without `nested`, or until that is done. */
  readonly nested: NestedEstimate | null;
  /** How much each dimension contributed to being among the best. */
  readonly importance: Importance;
  /** Every trial, in the order in which the points were suggested. */
  readonly trials: readonly FoundTrial<Values>[];
  /** The chosen trial, trained on all rows; null if `refit` is false, if the trial trains by itself, or if the search was aborted. */
  readonly model: LayersModel | null;
  /** The scaling measured on all rows: pass new rows through `rescaled` before the model. Null without `scale` or model. */
  readonly scaling: Scaling | null;
  /** Number of epochs of the refit: the mean of those at which the units of the chosen trial were measured. */
  readonly epochs: number;
  /** The verdict, followed by the numbers it rests on, as lines for a terminal. */
  readonly text: string;
  /** The file of the journal; null for a search in memory. */
  readonly journal: string | null;
  /** The seed: with one worker, the same search has the same result. */
  readonly seed: number;
  /** Why it ended before its last trial; null if it did not. */
  readonly stopped: string | null;
  /** The metric over the dimension that mattered most, with "off" marked, as one self-contained SVG (`xmlns` set, white background, no network). */
  picture(): Promise<string>;
}

/** A trial compared with "off", in pairs. */
export interface AgainstOff {
  /** The number of the trial with its regularizers off. */
  readonly off: number;
  /** The number of the trial that is compared with it: the chosen one, or the best of the others if "off" itself was chosen. */
  readonly trial: number;
  /** trial − off: the mean difference of the metric. */
  readonly difference: number;
  /** Its standard error (Nadeau & Bengio 2003). */
  readonly error: number;
  /** The interval of the difference. With a confidence of 95 %, the intervals of all trials that might have been chosen jointly contain their true differences. */
  readonly interval: readonly [low: number, high: number];
  /** Whether regularization helps, from the interval. */
  readonly verdict: 'helps' | 'hurts' | 'cannotTell';
  /** Number of folds it rests on. */
  readonly units: number;
  /** Number of folds that would show a difference of this size; null if no number would, only more rows or a larger k. */
  readonly unitsNeeded: number | null;
}
