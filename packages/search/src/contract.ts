/**
 * What the parts of a search say to each other. A sampler proposes a point; the study asks for its units, one for each fold and seed; an engine computes
 * them, somewhere; a pruner ends a trial that is clearly worse; what is left is chosen from by statistics. Only the study writes, only it decides.
 */
import type { ArrayData, FitOptions, StoredTensor } from '@keepprob/trainer';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** A value that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One dimension of a search: a place in the config, or several that share a name. */
export type Dimension = Ordered | Choice;

interface Named {
  /** The path of its place, such as `layers[1].keepProb`, or the name that several places share. */
  readonly name: string;
  /** All must hold for the dimension to exist: the choice of that name took the branch of that index. Choices that come earlier in the list. */
  readonly when: readonly { readonly name: string; readonly branch: number }[];
  /** The number at which what it sets is switched off: 1 for a keepProb, the index of a branch for a choice; undefined where nothing was said. */
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
  /** Searched on a logarithmic scale. */
  readonly log: boolean;
  /** Distance of the values from `low` on; undefined for all numbers. An `int` has a step, 1 unless said. */
  readonly step: number | undefined;
}

/** One of several values, which have no order. */
export interface Choice extends Named {
  /** Its numbers are the indices of the values. */
  readonly kind: 'choice';
  /** Each value in words, for pictures and journals; there are as many branches. */
  readonly labels: readonly string[];
}

/** A place in the space: the number of each dimension that exists there; of a choice, the index of its branch. */
export type Point = Readonly<Record<string, number>>;

/** What became of a point. */
export interface Told {
  /** 0, 1, … in the order of asking. */
  readonly number: number;
  /** Where it is. */
  readonly point: Point;
  /** A pruned trial was ended early, a failed one has no value. */
  readonly state: 'running' | 'complete' | 'pruned' | 'failed';
  /** The mean over its units, oriented so that less is better; null while it runs and after a failure. */
  readonly value: number | null;
}

/** Proposes where to look next. It keeps nothing between calls: the same arguments give the same point. */
export interface Sampler {
  /** Such as `tpe`. */
  readonly name: string;
  /**
   * @param told every trial so far, those that run included
   * @param random the stream of this trial: the same for the same search seed and trial
   * @returns null where the sampler has no more points, as a grid at its end, or any sampler once every point of a finite space was told: a point
   * that is asked for again would give the same numbers on the same folds and seeds
   */
  suggest(dimensions: readonly Dimension[], told: readonly Told[], random: Random): Point | null;
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

/** What is computed at once: a trial on one fold with one seed. Every trial has the same folds and seeds, so that all comparisons are in pairs. */
export interface Unit {
  /** Its number. */
  readonly trial: number;
  /** Index into the list of folds. */
  readonly fold: number;
  /** Of weights, shuffling and masks. */
  readonly seed: number;
}

/** What a unit gave. */
export interface UnitResult extends Unit {
  /** The metric on the validation rows. */
  readonly value: number;
  /** The same metric on the training rows with dropout off; null where it was not measured. */
  readonly train: number | null;
  /** The epoch whose weights were measured, from 1 on. */
  readonly epochs: number;
  /** The metric on the validation rows after each epoch, as far as the trial told. */
  readonly curve: readonly number[];
  /** Seconds that it took. */
  readonly seconds: number;
  /** Backend and kernels that computed it, as bits are equal for equal kernels only. */
  readonly backend: string;
}

/** The rows of one fold. */
export interface Split {
  /** Which repeat of the partition, from 0 on. */
  readonly repeat: number;
  /** Which fold of the repeat, from 0 on. */
  readonly fold: number;
  /** Their numbers, ascending. */
  readonly train: Int32Array;
  /** Those of the rows that are held out. */
  readonly validation: Int32Array;
}

/** What a splitter may look at. */
export interface Rows {
  /** Rows of the data. */
  readonly count: number;
  /** Class of each row, for strata. */
  readonly classes?: ArrayLike<number>;
  /** The rows to split, all by default, as the training rows of an outer fold. Whatever is given by row is still given for all. */
  readonly only?: ArrayLike<number>;
}

/** Makes folds out of rows: their numbers in the data, in ascending order. */
export interface Splitter {
  /** How it is called in journals. */
  readonly name: string;
  /** Its options, so that a search that goes on can tell whether its folds are the same. */
  readonly options: Json;
  /** @throws OptionError or DataError where these rows cannot be split like that */
  split(rows: Rows, seed: number): readonly Split[];
}

/** Units of a trial and of another on the same folds and seeds. */
export interface Pair {
  /** Of the trial. */
  readonly value: number;
  /** Of the best complete trial. */
  readonly best: number;
}

/** Ends a trial that cannot win. */
export interface Pruner {
  /** How it is called in journals. */
  readonly name: string;
  /**
   * After each unit of a trial.
   * @param pairs its units so far next to those of the best complete trial, in order; values oriented so that less is better
   */
  prune(pairs: readonly Pair[]): boolean;
  /**
   * During a unit, after an epoch, for those that do not wait for its end. Engines that cannot tell values by epoch leave it out.
   * @param value of this unit after that epoch, oriented so that less is better
   * @param others what other trials had on the same fold and seed after as many epochs, as far as they came
   */
  stop?(epoch: number, value: number, others: readonly number[]): boolean;
}

/** What a unit came to, oriented so that less is better. */
export interface Result {
  /** Index into the list of folds. */
  readonly fold: number;
  /** Of weights, shuffling and masks. */
  readonly seed: number;
  /** The metric on the validation rows. */
  readonly value: number;
}

/** A trial to choose from. All have results on the same pairs of fold and seed. */
export interface Candidate {
  /** Of the trial. */
  readonly number: number;
  /** Where it lies. */
  readonly point: Point;
  /** What its units came to, in any order. */
  readonly results: readonly Result[];
}

/** Chooses among what is left at the end of a search. */
export interface Chooser {
  /** How it is called in journals. */
  readonly name: string;
  /** The chosen one of the candidates, of which there is at least one. */
  choose(candidates: readonly Candidate[], dimensions: readonly Dimension[]): Candidate;
}

/** What a trial is told beside its values. */
export interface TrialContext {
  /** Of weights, shuffling and masks: give it to the initializers of the model. The same for every trial on this fold. */
  readonly seed: number;
  /** Index into the list of folds; −1 for the refit on all rows. */
  readonly fold: number;
  /** Which rows of the data the fold trains and validates on. */
  readonly split: Split;
  /** The training rows of the fold, scaled; lent until the trial is over. */
  readonly train: ArrayData;
  /** The validation rows of the fold, scaled as the training rows; at the refit, which has none, the training rows. */
  readonly validation: ArrayData;
  /** Aborted when the number is no longer wanted. */
  readonly signal: AbortSignal;
}

/** What `fit` is to train. Seed, validation data and `signal` are the search's. */
export interface Training {
  /** A model of its own for each call: it is disposed after it was measured. */
  readonly model: LayersModel;
  /** Of `fit`, but for what the search sets. */
  readonly options: Omit<
    FitOptions,
    'seed' | 'validation' | 'validationSplit' | 'signal' | 'progress' | 'resume' | 'checkpoint'
  >;
}

/** Makes what is trained out of values of the space, or trains by itself and gives the metric on the validation rows. */
export type Trial<Values = unknown> = (
  values: Values,
  context: TrialContext,
) => Training | number | Promise<Training | number>;

/** The rows of a search outside of any backend. Names: `x`, or `x[0]`, `x[1]`, … of a list, `x.name`, … of a record; `y` and `sampleWeight` likewise. */
export interface Table {
  /** Rows. */
  readonly count: number;
  /** An array with so many rows under each name. */
  readonly columns: Readonly<Record<string, StoredTensor>>;
}

/** What all units of a search have in common. */
export interface Task {
  /** A function, or the address of a module whose default export is one. */
  readonly trial: Trial | URL;
  /** All rows, as they were given. */
  readonly table: Table;
  /** `Unit.fold` is an index into them. */
  readonly splits: readonly Split[];
  /** The log of the validation rows that is measured. */
  readonly metric: string;
  /** Fitted to the training rows of the fold; null for the data as they are. */
  readonly scale: 'standardize' | null;
  /** Where the search is stored; null in memory. */
  readonly folder: string | null;
}

/** A unit to compute, with the values that its trial stands for. */
export interface Job {
  /** Which trial, fold and seed. */
  readonly unit: Unit;
  /** The config with the numbers of the trial in it. */
  readonly values: Json;
}

/** Where units are computed. */
export interface Engine {
  /** How errors call it. */
  readonly name: string;
  /** @throws OptionError for a task that it cannot compute */
  open(task: Task): Promise<Pool>;
}

/** Computes units of one task, several at a time. */
export interface Pool {
  /** Units that it computes at a time. */
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
  /** Lets go of what computes, once nothing runs any more. */
  close(): Promise<void>;
}
