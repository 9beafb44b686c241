/**
 * The contract of a keepprob plugin. A training step is a pipe with doors; a plugin is a set of hooks at some of them:
 *
 *     batch ─▶ forward ─▶ cost J = loss + Σ penalty ─▶ gradients ─▶ beforeUpdate │ optimizer │ afterUpdate ─▶ epochEnd
 */
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';

/**
 * The version of this contract: of hooks, moments, keys and masks, and of the kernels that a backend may bring. Copies of this package with the same
 * version work together as one; others refuse each other.
 * @example
 * const idle = { name: 'idle', apiVersion: API_VERSION, config: {}, setup: () => ({}) };
 * attach(model, tf.train.adam(1e-3), idle);
 */
export const API_VERSION = 1;

/** A value that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What a weight does in its layer; decides which weights a plugin acts on by default. */
export type Role = 'kernel' | 'depthwise' | 'recurrent' | 'embedding' | 'bias' | 'gain' | 'other';

/** Tensors by input or output name, also when there is only one. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** The arguments of one random draw: a frozen value, never a live counter. */
export interface RandomKey {
  /** Non-negative safe integer; its low and high 32 bits are Philox' key. */
  readonly seed: number;
  /** The update. */
  readonly step: number;
  /** Which plugin draws. */
  readonly site: number;
  /** Which of its calls within the forward pass this is. */
  readonly draw: number;
}

/** Where in training a hook is called. Frozen; the same at all doors of one update. */
export interface Moment {
  /** Index of the update in progress, unchanged until after `afterUpdate`. */
  readonly step: number;
  /** 'train' in the hooks of an update, 'evaluate' in those between updates. */
  readonly phase: 'train' | 'evaluate';
  /** The epoch, from 0. In stock fit, reading it throws a `PluginError` unless the attached callback runs. */
  readonly epoch: number;
  /** Learning rate of the update in progress. */
  readonly learningRate: number;
  /** This shard or micro-batch within the step's whole batch: [first row, rows in all]. */
  readonly rows: readonly [first: number, total: number];
  /** The key of a random draw: the nth call per (site, stream, forward pass) is draw n. `stream` must be one that the plugin declares. */
  key(stream?: string): RandomKey;
}

/** A `Moment` as a layer plugin sees it in its forward pass. */
export interface ForwardMoment extends Moment {
  /** Identifies the update in progress: the same object in all its forward passes, and another one in every other update of this or any run. */
  readonly update: object;
  /** Adds a rank-0 activation penalty to J. It throws an error in training if nothing collects the penalty, and does nothing at inference. */
  addPenalty(penalty: Tensor): void;
}

/** A weight of the model, with its role. */
export interface Weight {
  /** The variable that holds it. */
  readonly variable: Variable;
  /** Unique, and stable over rebuilds of the same model; keys `Gradients` and `Snapshot`. */
  readonly path: string;
  /** Name of the layer that owns it. */
  readonly layer: string;
  /** What it does in its layer. */
  readonly role: Role;
  /** Axes summed into one unit (max-norm's axes); [] if none. */
  readonly fanInAxes: readonly number[];
  /** False for frozen weights and for statistics such as batch norm's moving mean. */
  readonly trainable: boolean;
}

/** One batch. Hooks never dispose what they are given; the driver does. */
export interface Batch {
  /** Inputs by name, each [batch, …]. */
  readonly x: Tensors;
  /** Labels by output name, each [batch, …]. */
  readonly y: Tensors;
  /** Shape [batch], by output. */
  readonly sampleWeight?: Tensors;
  /** Unmixed labels, for metrics. */
  readonly metricY?: Tensors;
}

/** One forward pass over a batch, on the tape. */
export interface Pass {
  /** The batch that the predictions are for. */
  readonly batch: Batch;
  /** The predictions of the model, by output. */
  readonly predictions: Tensors;
  /** Runs another forward pass in training mode, over `x`, or else over the batch: every layer takes its next draw. */
  predict(x?: Tensors): Tensors;
  /** The data loss of predictions; rank 0. */
  loss(predictions: Tensors): Tensor;
  /** Adds a rank-0 penalty to J. */
  addPenalty(penalty: Tensor): void;
}

/** J of one batch, what it is made of, and its gradients. */
export interface StepResult {
  /** The data loss, rank 0. */
  readonly loss: Scalar;
  /** The sum of all penalties, rank 0. */
  readonly penalty: Scalar;
  /** J = loss + penalty, rank 0. */
  readonly cost: Scalar;
  /** Scalars by name. */
  readonly metrics: Tensors;
  /** Gradients of the data loss and the penalties, without the terms of `l2`. */
  readonly gradients: Gradients;
  /** λ of the terms λ Σ w² of J. The update adds their gradients, 2 λ w. */
  readonly l2: Coefficients;
  /**
   * How many rows or time steps the data loss is a mean over, where a mask decides that: above 0, rank 0, or [outputs] where there are several outputs.
   * Undefined where it is a mean over all rows. Who takes a step in parts weighs each part by it.
   */
  readonly counted?: Tensor | undefined;
}

/** What a pass is asked for. */
export interface StepOptions {
  /** False for J without gradients: the forward pass alone, and an empty map of gradients. True by default. */
  readonly gradients?: boolean;
}

/**
 * Forward and backward pass over a batch, or over rows of the step's batch: [first, total]. Called again, it repeats the same draws, and J is the same
 * number, bit for bit, with gradients and without. A plugin never disposes what it returns.
 */
export type Step = (batch: Batch, rows?: Moment['rows'], options?: StepOptions) => StepResult;

/** A gradient for each weight, by `Weight.path`. */
export type Gradients = ReadonlyMap<string, Tensor>;
/** A number for each of some weights, by `Weight.path`; weights that are not in it have 0. */
export type Coefficients = ReadonlyMap<string, number>;
/** A value for each of some weights, by `Weight.path`. The tensors belong to the plugin. */
export type Snapshot = ReadonlyMap<string, Tensor>;
/** What a plugin must remember for a run to resume: tensors by name, and anything else as JSON. */
export type State = Readonly<{
  /** Tensors by name. */
  tensors: Tensors;
  /** Everything else. */
  values: Json;
}>;
/** Numbers of an epoch by name: `loss`, `valLoss`, `accuracy`, … */
export type Logs = Readonly<Record<string, number>>;

/** Numbers of the optimizer. */
export interface Settings {
  /** The learning rate η; by default as it is. */
  readonly learningRate?: number;
  /** The momentum of SGD with momentum and of RMSProp; by default as it is. */
  readonly momentum?: number;
}

/** What a plugin decides at the end of an epoch. Leave a field out to change nothing. */
export interface Verdict {
  /** Why training should stop, in words. */
  readonly stop?: string;
  /** Learning rate from the next update on. */
  readonly learningRate?: number;
}

/**
 * The places where a plugin acts, and how the hooks of several plugins combine. Hooks are synchronous and run inside `tf.tidy`; whatever must outlive
 * the call goes through `tf.keep` and `dispose`. The hooks of an update see the weights that it trains; `evaluate`, `epochEnd` and `end` see every
 * weight, including frozen ones and statistics.
 */
export interface Hooks {
  /** Settings of the optimizer for the update that begins. Merged; the last one wins. */
  settings?(at: Moment): Settings;
  /** Changes the batch. Each plugin gets the result of the one before it. */
  batch?(batch: Batch, at: Moment): Batch;
  /** Wraps forward and backward pass, the first plugin outermost: for methods that need more than one (SAM, accumulation). Only in `fit`. */
  step?(inner: Step, batch: Batch, weights: readonly Weight[], at: Moment): StepResult;
  /** Changes the data loss, on the tape; rank 0. Each plugin gets the result of the one before it. Only in `fit`, since stock fit keeps its predictions to itself. */
  loss?(loss: Tensor, pass: Pass, at: Moment): Tensor;
  /** A penalty that is added to J; rank 0. */
  penalty?(weights: readonly Weight[], at: Moment): Tensor;
  /**
   * λ ≥ 0 by `Weight.path`: J gains λ Σ w², and its gradient 2 λ w. Summed. Unlike a `penalty`, it takes no extra pass over the weights if the update of the
   * optimizer is one kernel.
   */
  l2?(weights: readonly Weight[], at: Moment): Coefficients;
  /** Changes the gradients, after accumulation. Each plugin gets the result of the one before it. */
  gradients?(gradients: Gradients, weights: readonly Weight[], at: Moment): Gradients;
  /** Called on the old weights, in the order of the list. */
  beforeUpdate?(weights: readonly Weight[], at: Moment): void;
  /** Decay d ≥ 0 by `Weight.path`: w ← w − η d w, after `beforeUpdate` and before the optimizer's update. Summed. */
  weightDecay?(weights: readonly Weight[], at: Moment): Coefficients;
  /** Called on the new weights, in the order of the list. */
  afterUpdate?(weights: readonly Weight[], at: Moment): void;
  /** Weights to evaluate with: the driver swaps them in, evaluates, and swaps them out again, even after an error. */
  evaluate?(weights: readonly Weight[], at: Moment): Snapshot | void;
  /**
   * The names of the logs that `epochEnd` needs. The driver asks before the first update and refuses a run that will not have such a log. `epochEnd` is not
   * called after an epoch without one of them, such as one whose validation data are not evaluated.
   */
  monitors?(): readonly string[];
  /**
   * Called at the end of an epoch, on the trained weights. `evaluated` is the snapshot of the `evaluate` hooks that the logs were measured on; for a weight
   * that is not in it, that was the weight itself. It belongs to the driver.
   */
  epochEnd?(logs: Logs, weights: readonly Weight[], at: Moment, evaluated?: Snapshot): Verdict | void;
  /**
   * Called on every exit: done, stopped, aborted or failed. A snapshot becomes the final weights. If several plugins return one, the last wins, but plugins
   * with `evaluate` yield to those without, which choose among the weights that were evaluated.
   */
  end?(weights: readonly Weight[]): Snapshot | void;
  /** What must be saved. The tensors are handed over: the driver downloads and disposes them. */
  state?(): State;
  /** Takes back what `state` returned, before the first update of a resumed run. */
  restore?(state: State): void;
  /** Disposes kept tensors. Called once, at the very end. */
  dispose?(): void;
}

/** What drives training: `fit` of `@keepprob/trainer`, stock `model.fit`, or a loop written by hand. */
export type Host = 'fit' | 'stock' | 'loop';

/** What a plugin receives when it is attached. */
export interface SetupContext {
  /** What drives this training. A plugin that needs `fit` can check it here. */
  readonly host: Host;
  /** An integer that separates this plugin's random streams from all others. */
  readonly site: number;
}

/** A training plugin: a plain immutable value. All state lives in the hooks that `setup` returns. */
export interface TrainingPlugin<C extends Json = Json> {
  /** The name of its factory, as errors show it. */
  readonly name: string;
  /** The version of the contract that it was written for. */
  readonly apiVersion: typeof API_VERSION;
  /** Its options as JSON, for checkpoints and reports. */
  readonly config: C;
  /** Names of the random streams that it draws from, in addition to the default one. */
  readonly streams?: readonly string[];
  /** Runs once per attachment, before any step. */
  setup(context: SetupContext): Hooks;
}

/** What may stand in a list of plugins: falsy entries are skipped, arrays are presets. */
export type Plugins = TrainingPlugin | false | null | undefined | readonly Plugins[];
