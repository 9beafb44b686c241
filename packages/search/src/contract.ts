/**
 * The interfaces between the parts of a search. A sampler proposes a point; the study requests its units, one for each fold and seed; an engine computes
 * them, anywhere; a pruner ends a trial that is clearly worse; a chooser picks one of the remaining trials by statistics. Only the study writes and decides.
 */
import type { ArrayData, FitOptions, StoredTensor } from '@keepprob/trainer';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** A value that JSON can represent. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One dimension of a search: a place in the config, or several places that share a name. */
export type Dimension = Ordered | Choice;

interface Named {
  /** The path in the config, such as `layers[1].keepProb`, or the name that several places share. */
  readonly name: string;
  /** When the dimension exists: each choice of that name, earlier in the list, took the branch with that index. */
  readonly when: readonly { readonly name: string; readonly branch: number }[];
  /** The number that switches the regularizer off: 1 for a keepProb, the index of a branch for a choice; undefined if there is none. */
  readonly off: number | undefined;
}

/** A number between two bounds, both included. */
export interface Ordered extends Named {
  /** `keepProb` is a float that is searched as 1 − p, since the distance from "off" is what counts. */
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
  /** Points hold the index of the value. */
  readonly kind: 'choice';
  /** Each value in words, for pictures and journals; one per branch. */
  readonly labels: readonly string[];
}

/** A point in the space: a number for each dimension that exists there; for a choice, the index of its branch. */
export type Point = Readonly<Record<string, number>>;

/** The state and value of a point that was suggested. */
export interface Told {
  /** 0, 1, …, in the order in which the points were suggested. */
  readonly number: number;
  /** The point. */
  readonly point: Point;
  /** A pruned trial was ended early; a failed one has no value. */
  readonly state: 'running' | 'complete' | 'pruned' | 'failed';
  /** The mean over its units, with the sign changed where more is better, so that lower is better; null while it runs and after a failure. */
  readonly value: number | null;
}

/** Proposes the next point. It keeps no state between calls: the same arguments give the same point. */
export interface Sampler {
  /** Its name, such as `tpe`. */
  readonly name: string;
  /**
   * @param told every trial so far, including running ones
   * @param random the stream of this trial: the same for the same search seed and trial
   * @returns null if the sampler has no more points: a grid at its end, or any sampler once every point of a finite space is in `told`, since a repeated
   * point would give the same numbers on the same folds and seeds
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
  /** The seed of the search, for anything that is the same in every trial, such as the scrambling of a sequence. */
  readonly seed: number;
}

/** The unit of computation: a trial on one fold with one seed. Every trial has the same folds and seeds, so all comparisons are paired. */
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
  /** The same metric on the training rows with dropout off; null if it was not measured. */
  readonly train: number | null;
  /** The epoch whose weights were measured, counted from 1. */
  readonly epochs: number;
  /** The metric on the validation rows after each epoch, as far as the trial reported it. */
  readonly curve: readonly number[];
  /** Duration in seconds. */
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

/** The rows that a splitter partitions. */
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
  /** Its options, from which a resumed search can tell whether its folds are the same. */
  readonly options: Json;
  /** @throws OptionError or DataError if these rows cannot be split that way */
  split(rows: Rows, seed: number): readonly Split[];
}

/** The values of one unit of a trial and of the best trial on the same fold and seed. */
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
   * Whether to end the trial; called after each unit.
   * @param pairs its units so far next to those of the best complete trial, in order; values oriented so that lower is better
   */
  prune(pairs: readonly Pair[]): boolean;
  /**
   * Whether to end the unit; called after each of its epochs, for pruners that do not wait for the end of the unit. Engines that do not report values by
   * epoch never call it.
   * @param value value of this unit after that epoch, oriented so that lower is better
   * @param others values of earlier trials on the same fold and seed after the same number of epochs, including those stopped there
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

/** The context that a trial receives in addition to its values. */
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

/** The model and options for `fit`. The search sets the seed, the validation data and the `signal`. */
export interface Training {
  /** A new model for each call: it is disposed after it was measured. */
  readonly model: LayersModel;
  /** The options of `fit`, except those that the search sets. */
  readonly options: Omit<
    FitOptions,
    'seed' | 'validation' | 'validationSplit' | 'signal' | 'progress' | 'resume' | 'checkpoint'
  >;
}

/** Returns a model and options to train with the given values, or trains the model itself and returns the metric on the validation rows. */
export type Trial<Values = unknown> = (
  values: Values,
  context: TrialContext,
) => Training | number | Promise<Training | number>;

/**
 * The rows of a search, outside any backend. Names are `x`, or `x[0]`, `x[1]`, … for a list and `x.name`, … for a record; `y` and `sampleWeight`
 * likewise.
 */
export interface Table {
  /** Number of rows. */
  readonly count: number;
  /** An array with that many rows under each name. */
  readonly columns: Readonly<Record<string, StoredTensor>>;
}

/** How x is scaled: 'standardize' gives each feature mean 0 and variance 1, 'unit' the range from 0 to 1. */
export type ScaleKind = 'standardize' | 'unit';

/** The task that all units of a search share. */
export interface Task {
  /** A function, or the URL of a module whose default export is a function. */
  readonly trial: Trial | URL;
  /** All rows, as given. */
  readonly table: Table;
  /** The folds; `Unit.fold` is an index into them. */
  readonly splits: readonly Split[];
  /** The log on the validation rows that is measured. */
  readonly metric: string;
  /** How x is scaled, with statistics from the training rows of each fold; null leaves the data unchanged. */
  readonly scale: ScaleKind | null;
  /** The folder of the search; null if it is kept in memory. */
  readonly folder: string | null;
}

/** A unit to compute, with the values of its trial. */
export interface Job {
  /** The trial, fold and seed. */
  readonly unit: Unit;
  /** The config with the values of the trial filled in. */
  readonly values: Json;
  /** If given, trains for this many epochs and ignores plugins that watch the validation rows, which then only measure the result. */
  readonly epochs?: number;
}

/** Computes units: in this process, in others, or on other machines. */
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
   * Computes a unit, and retries it if the process that computed it died.
   * @param onEpoch called after each epoch, from 1 on, with the metric, if the trial reports it
   * @throws TrialError for a trial that throws or returns no finite number; the reason of `signal`, once nothing of the unit is running
   */
  run(
    job: Job,
    during: { readonly signal: AbortSignal; onEpoch?(epoch: number, value: number): void },
  ): Promise<UnitResult>;
  /** Releases all resources; called when nothing is running any more. */
  close(): Promise<void>;
}
