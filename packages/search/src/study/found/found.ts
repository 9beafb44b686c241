/** What a search came to. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { FoldAndSeed } from '../../choice/confirm.ts';
import type { Dimension, Json, Point, UnitResult } from '../../contract.ts';
import type { Importance } from '../../importance/importance.ts';
import type { Scaling } from '../../splits/scaling.ts';

/** A point that was measured. */
export interface FoundTrial<Values = unknown> {
  /** In the order of asking, from 0 on. */
  readonly number: number;
  /** Where it lies in the space. */
  readonly point: Point;
  /** The config with the numbers of the point in it. */
  readonly values: Values;
  /** Whether its regularizers are switched off. */
  readonly isOff: boolean;
  /** 'running' only where the search was aborted. */
  readonly state: 'running' | 'complete' | 'pruned' | 'failed';
  /** The mean of the metric over its units, those on fresh folds not among them; null for none. */
  readonly value: number | null;
  /** Standard error of that mean, by its units alone. */
  readonly error: number | null;
  /** Why it failed. */
  readonly reason: string | null;
  /** What its units came to. */
  readonly units: readonly UnitResult[];
}

/** What was chosen. */
export interface ChosenTrial<Values = unknown> {
  /** The number of the trial. */
  readonly trial: number;
  /** Where it lies in the space. */
  readonly point: Point;
  /** The config with the numbers of the point in it. */
  readonly values: Values;
  /** The metric to expect: its mean over the folds that the choice rests on. Where they are fresh, luck in the search is not in it. */
  readonly value: number;
  /** Standard error of that mean, as new data would have it (Nadeau & Bengio 2003). */
  readonly error: number;
  /** Holds the metric to expect with a confidence of 95 %. */
  readonly interval: readonly [low: number, high: number];
  /** Pairs of fold and seed that it rests on. */
  readonly units: number;
  /** Whether these are fresh ones. */
  readonly isConfirmed: boolean;
}

/** What was searched, and on what. */
export interface Searched {
  /** The log of the validation rows that was searched by. */
  readonly metric: string;
  /** Whether less or more of it is better. */
  readonly mode: 'min' | 'max';
  /** The dimensions of the space. */
  readonly dimensions: readonly Dimension[];
  /** How the rows were split. */
  readonly folds: { readonly name: string; readonly options: Json };
  /** What x went through, fitted on each fold to its training rows. */
  readonly scale: string | null;
  /** Rows of the data; null where a journal does not tell. */
  readonly rows: number | null;
  /** The folds and seeds that every trial was measured on. */
  readonly pairs: readonly FoldAndSeed[];
  /** Those that the best were measured on again. */
  readonly freshPairs: readonly FoldAndSeed[];
}

/** What `search` returns. Numbers survive JSON.stringify. */
export interface Found<Values = unknown> {
  /** What was searched, and on what. */
  readonly searched: Searched;
  /** What was chosen. */
  readonly chosen: ChosenTrial<Values>;
  /** The chosen one next to others. */
  readonly against: {
    /** Next to itself with its regularizers switched off, on the same folds and seeds; null where nothing in the space has an "off", or that failed. */
    readonly off: AgainstOff | null;
  };
  /** How much each dimension had to do with being among the best. */
  readonly importance: Importance;
  /** Every point that was tried, in the order of asking. */
  readonly trials: readonly FoundTrial<Values>[];
  /** Trained on all rows; null where `refit` is false, the trial trains by itself, or the search was aborted. */
  readonly model: LayersModel | null;
  /** What `scale` was fitted to on all rows: new rows go through `rescaled` before the model sees them. Null without `scale` or model. */
  readonly scaling: Scaling | null;
  /** Epochs of the refit: the mean of those at which the chosen one's units were measured. */
  readonly epochs: number;
  /** The verdict, and under it the numbers it rests on, as lines for a terminal. */
  readonly text: string;
  /** The file of the journal; null for a search in memory. */
  readonly journal: string | null;
  /** The seed: with one worker the same search again comes to the same. */
  readonly seed: number;
  /** Why it ended before its last trial. */
  readonly stopped: string | null;
  /** The metric over the dimension that mattered most, with "off" marked, as one self-contained SVG (`xmlns` set, white background, no network). */
  picture(): Promise<string>;
}

/** A trial next to "off", in pairs. */
export interface AgainstOff {
  /** The number of the trial whose regularizers are off. */
  readonly off: number;
  /** The number of the trial that is compared with it: the chosen one; where that is "off" itself, the best of the others. */
  readonly trial: number;
  /** trial − off: the mean difference of the metric. */
  readonly difference: number;
  /** Its standard error (Nadeau & Bengio 2003). */
  readonly error: number;
  /** Of the difference. All trials that might have been chosen hold theirs together with a confidence of 95 %. */
  readonly interval: readonly [low: number, high: number];
  /** By the interval: whether regularization helps. */
  readonly verdict: 'helps' | 'hurts' | 'cannotTell';
  /** Folds that it rests on. */
  readonly units: number;
  /** Folds that would tell a difference of this size; null where no number of them would, only more rows or a larger k. */
  readonly unitsNeeded: number | null;
}
