/**
 * What the parts of a search say to each other. A sampler proposes a point; the study asks for its units, one for each fold and seed; an engine computes
 * them, somewhere; a pruner ends a trial that is clearly worse; what is left is chosen from by statistics. Only the study writes, only it decides.
 */
import type { ArrayData, FitOptions, StoredTensor } from '@keepprob/trainer';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** A value that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One dimension of a search: a place in the config, or several places that share a name. */
export type Dimension = Ordered | Choice;

interface Named {
  /** The path of its place, such as `layers[1].keepProb`, or the name that several places share. */
  readonly name: string;
  /** When the dimension exists: each choice of that name, earlier in the list, took the branch with that index. */
  readonly when: readonly { readonly name: string; readonly branch: number }[];
  /** The number that switches the regularizer off: 1 for a keepProb, the index of a branch for a choice; undefined if there is none. */
  readonly off: number | undefined;
}

/** A number between two bounds, both included. */
export interface Ordered extends Named {
  /** `keepProb` is a float that is searched as 1 − p: what counts is the distance from "off". */
  readonly kind: 'float' | 'int' | 'keepProb';
  /** Smallest number. */
  readonly low: number;
  /** Largest number. */
  readonly high: number;
  /** Whether it is searched on a logarithmic scale. */
  readonly log: boolean;
  /** The distance between values, from `low` on; undefined if all numbers are possible. An `int` has a step, 1 by default. */
  readonly step: number | undefined;
}

/** One of several values, which have no order. */
export interface Choice extends Named {
  /** Its numbers are the indices of the values. */
  readonly kind: 'choice';
  /** Each value in words, for pictures and journals; one for each branch. */
  readonly labels: readonly string[];
}

/** A point in the space: a number for each dimension that exists there; for a choice, the index of its branch. */
export type Point = Readonly<Record<string, number>>;

/** What became of a point. */
export interface Told {
  /** 0, 1, …, in the order in which points were asked for. */
  readonly number: number;
  /** The point. */
  readonly point: Point;
  /** A pruned trial was ended early, a failed one has no value. */
  readonly state: 'running' | 'complete' | 'pruned' | 'failed';
  /** The mean over its units, with the sign changed where more is better, so that lower is better; null while it runs and after a failure. */
  readonly value: number | null;
}

/** Proposes where to look next. It keeps nothing between calls: the same arguments give the same point. */
export interface Sampler {
  /** Its name, such as `tpe`. */
  readonly name: string;
  /**
   * @param told every trial so far, those that run included
   * @param random the stream of this trial: the same for the same search seed and trial
   * @returns null where the sampler has no more points, as a grid at its end, or any sampler once every point of a finite space was told: a point
   * that is asked for again would give the same numbers on the same folds and seeds
   */
  suggest(dimensions: readonly Dimension[], told: readonly Told[], random: Random): Point | null;
  /** Every point that it can suggest, from which progress counts the trials; if absent, every point of the space. */
  points?(dimensions: readonly Dimension[]): Iterable<Point>;
}

/** A stream of random numbers. */
export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** The seed of the search, for what is the same in every trial, such as the scrambling of a sequence. */
  readonly seed: number;
}

/** What is computed at once: a trial on one fold with one seed. Every trial has the same folds and seeds, so all comparisons are in pairs. */
export interface Unit {
  /** The number of the trial. */
  readonly trial: number;
  /** Index into the list of folds. */
  readonly fold: number;
  /** The seed of weights, shuffling and masks. */
  readonly seed: number;
}

/** The result of a unit. */
export interface UnitResult extends Unit {
  /** The metric on the validation rows. */
  readonly value: number;
  /** The same metric on the training rows with dropout off; null where it was not measured. */
  readonly train: number | null;
  /** The epoch whose weights were measured, counted from 1. */
  readonly epochs: number;
  /** The metric on the validation rows after each epoch, as far as the trial reported it. */
  readonly curve: readonly number[];
  /** Seconds that it took. */
  readonly seconds: number;
  /** The backend and kernels that computed it: only equal kernels give equal bits. */
  readonly backend: string;
}

/** The rows of one fold. */
export interface Split {
  /** Which repeat of the partition, from 0. */
  readonly repeat: number;
  /** Which fold of the repeat, from 0. */
  readonly fold: number;
  /** The numbers of the rows to train on, ascending. */
  readonly train: Int32Array;
  /** The numbers of the rows that are held out, ascending. */
  readonly validation: Int32Array;
}

/** What a splitter may look at. */
export interface Rows {
  /** How many rows the data have. */
  readonly count: number;
  /** The class of each row, for stratification. */
  readonly classes?: ArrayLike<number>;
  /** The rows to split, all by default: such as the training rows of an outer fold. Anything given by row is still given for all rows. */
  readonly only?: ArrayLike<number>;
}

/** Makes folds of rows: their numbers in the data, in ascending order. */
export interface Splitter {
  /** Its name in journals. */
  readonly name: string;
  /** Its options, by which a resumed search can tell whether its folds are the same. */
  readonly options: Json;
  /** @throws OptionError or DataError where these rows cannot be split like that */
  split(rows: Rows, seed: number): readonly Split[];
}

/** One unit of a trial, and that of the best trial on the same fold and seed. */
export interface Pair {
  /** The value of the trial. */
  readonly value: number;
  /** The value of the best complete trial. */
  readonly best: number;
}

/** Ends a trial that cannot win. */
export interface Pruner {
  /** Its name in journals. */
  readonly name: string;
  /**
   * After each unit of a trial.
   * @param pairs its units so far next to those of the best complete trial, in order; values oriented so that less is better
   */
  prune(pairs: readonly Pair[]): boolean;
  /**
   * During a unit, after an epoch, for those that do not wait for its end. Engines that cannot tell values by epoch leave it out.
   * @param value of this unit after that epoch, oriented so that less is better
   * @param others what earlier trials had on the same fold and seed after as many epochs, those that were stopped there included
   */
  stop?(epoch: number, value: number, others: readonly number[]): boolean;
}

/** The result of a unit, oriented so that lower is better. */
export interface Result {
  /** Index into the list of folds. */
  readonly fold: number;
  /** The seed of weights, shuffling and masks. */
  readonly seed: number;
  /** The metric on the validation rows. */
  readonly value: number;
}

/** A trial to choose from. All candidates have results on the same pairs of fold and seed. */
export interface Candidate {
  /** The number of the trial. */
  readonly number: number;
  /** Its point. */
  readonly point: Point;
  /** The results of its units, in any order. */
  readonly results: readonly Result[];
}

/** Chooses one of the trials that are left at the end of a search. */
export interface Chooser {
  /** Its name in journals. */
  readonly name: string;
  /** Returns one of the candidates, of which there is at least one. */
  choose(candidates: readonly Candidate[], dimensions: readonly Dimension[]): Candidate;
}

/** What a trial receives next to its values. */
export interface TrialContext {
  /** The seed of weights, shuffling and masks; pass it to the initializers of the model. It is the same for every trial on this fold. */
  readonly seed: number;
  /** Index into the list of folds; −1 for the refit on all rows. */
  readonly fold: number;
  /** Which rows of the data the fold trains and validates on. */
  readonly split: Split;
  /** The training rows of the fold, scaled. They are disposed after the trial. */
  readonly train: ArrayData;
  /** The validation rows of the fold, scaled like the training rows; the refit has none, and gets the training rows. */
  readonly validation: ArrayData;
  /** Aborted when the result is no longer wanted. */
  readonly signal: AbortSignal;
}

/** What `fit` is to train. The search sets the seed, the validation data and the `signal`. */
export interface Training {
  /** A new model for each call: it is disposed after it was measured. */
  readonly model: LayersModel;
  /** The options of `fit`, except those that the search sets. */
  readonly options: Omit<
    FitOptions,
    'seed' | 'validation' | 'validationSplit' | 'signal' | 'progress' | 'resume' | 'checkpoint'
  >;
}

/** Makes what is to be trained from values of the space, or trains by itself and returns the metric on the validation rows. */
export type Trial<Values = unknown> = (
  values: Values,
  context: TrialContext,
) => Training | number | Promise<Training | number>;

/**
 * The rows of a search, outside of any backend. Names are `x`, or `x[0]`, `x[1]`, … for a list and `x.name`, … for a record; `y` and `sampleWeight`
 * likewise.
 */
export interface Table {
  /** How many rows there are. */
  readonly count: number;
  /** An array with that many rows under each name. */
  readonly columns: Readonly<Record<string, StoredTensor>>;
}

/** How x is scaled: 'standardize' gives each feature mean 0 and variance 1, 'unit' the range from 0 to 1. */
export type ScaleKind = 'standardize' | 'unit';

/** What all units of a search have in common. */
export interface Task {
  /** A function, or the URL of a module whose default export is one. */
  readonly trial: Trial | URL;
  /** All rows, as they were given. */
  readonly table: Table;
  /** The folds; `Unit.fold` is an index into them. */
  readonly splits: readonly Split[];
  /** The log of the validation rows that is measured. */
  readonly metric: string;
  /** How x is scaled, measured on the training rows of each fold; null leaves the data as they are. */
  readonly scale: ScaleKind | null;
  /** Where the search is stored; null in memory. */
  readonly folder: string | null;
}

/** A unit to compute, with the values of its trial. */
export interface Job {
  /** Which trial, fold and seed. */
  readonly unit: Unit;
  /** The config with the numbers of the trial in it. */
  readonly values: Json;
  /** Trains for this many epochs, and ignores plugins that watch the validation rows, which only measure the result. */
  readonly epochs?: number;
}

/** Where units are computed. */
export interface Engine {
  /** Its name in errors. */
  readonly name: string;
  /** @throws OptionError for a task that it cannot compute */
  open(task: Task): Promise<Pool>;
}

/** Computes units of one task, several at a time. */
export interface Pool {
  /** How many units it computes at a time. */
  readonly size: number;
  /**
   * Computes a unit, again where that which computed it died.
   * @param onEpoch told of each epoch, from 1 on, and of the metric after it, as far as the trial tells
   * @throws TrialError for a trial that throws or gives no finite number; the reason of `signal`, once nothing of the unit runs any more
   */
  run(
    job: Job,
    during: { readonly signal: AbortSignal; onEpoch?(epoch: number, value: number): void },
  ): Promise<UnitResult>;
  /** Releases whatever computes; called when nothing is running any more. */
  close(): Promise<void>;
}
