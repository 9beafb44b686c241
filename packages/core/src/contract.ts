/**
 * The contract of a keepprob plugin. A training step is a pipe with doors; a plugin is a set of hooks at some of them:
 *
 *     batch ─▶ forward ─▶ cost J = loss + Σ penalty ─▶ gradients ─▶ beforeUpdate │ optimizer │ afterUpdate ─▶ epochEnd
 */
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';

/**
 * The version of this contract: of hooks, moments, keys and masks, and of the kernels that a backend may bring. Copies of this package with the same
 * version work together as one; others refuse each other.
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
  /** 'train' in the doors of an update, 'evaluate' in those that are called between updates. */
  readonly phase: 'train' | 'evaluate';
  /** In stock fit: throws a `PluginError` unless the attached callback runs. */
  readonly epoch: number;
  /** Learning rate of the update in progress. */
  readonly learningRate: number;
  /** This shard or micro-batch within the step's whole batch: [first row, rows in all]. */
  readonly rows: readonly [first: number, total: number];
  /** The nth call per (site, stream, forward pass) is draw n. `stream` must be one that the plugin declares. */
  key(stream?: string): RandomKey;
}

/** A `Moment` as a layer plugin sees it in its forward pass. */
export interface ForwardMoment extends Moment {
  /** The update in progress: one and the same object in all forward passes of it, another one in every other update of this or any run. */
  readonly update: object;
  /** Adds a rank-0 activation penalty to J. Throws in training when no cost collects it; nothing at inference. */
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
  /** What the model said, by output. */
  readonly predictions: Tensors;
  /** Another forward pass in training mode, over `x` or the batch's: every layer takes its next draw. */
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
  /** λ of the terms λ Σ w² of J, whose gradients 2 λ w the update takes on. */
  readonly l2: Coefficients;
  /**
   * How many rows or time steps the data loss is a mean over, where a mask decides that: above 0, rank 0, or [outputs] where there are several outputs.
   * Undefined where it is a mean over all rows. Who takes a step in parts weighs each part by it.
   */
  readonly counted?: Tensor | undefined;
}

/**
 * Forward and backward pass over a batch, or over rows of the step's batch: [first, total]. Called again it replays the same draws.
 * A plugin never disposes what it gets from it.
 */
export type Step = (batch: Batch, rows?: Moment['rows']) => StepResult;

/** A gradient for each weight, by `Weight.path`. */
export type Gradients = ReadonlyMap<string, Tensor>;
/** One number for each of some weights, by `Weight.path`; 0 for the others. */
export type Coefficients = ReadonlyMap<string, number>;
/** A value for each of some weights, by `Weight.path`. The tensors belong to the plugin. */
export type Snapshot = ReadonlyMap<string, Tensor>;
/** What a plugin must remember for a run to resume: tensors by name, and anything else as JSON. */
export type State = Readonly<{ tensors: Tensors; values: Json }>;
/** Numbers of an epoch by name: `loss`, `valLoss`, `accuracy`, … */
export type Logs = Readonly<Record<string, number>>;

/** Numbers of the optimizer. */
export interface Settings {
  /** The learning rate η. */
  readonly learningRate?: number;
  /** The momentum of SGD with momentum and of RMSProp. */
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
 * The doors, and how the hooks of a list combine. Hooks are synchronous and run inside `tf.tidy`; what must outlive the
 * call goes through `tf.keep` and `dispose`. The doors of an update see the weights that it trains; `evaluate`,
 * `epochEnd` and `end` see every weight, frozen ones and statistics included.
 */
export interface Hooks {
  /** What the optimizer is set to for the update that begins. Merged, the last wins. */
  settings?(at: Moment): Settings;
  /** Reduced in order. */
  batch?(batch: Batch, at: Moment): Batch;
  /**
   * Around forward and backward pass, the first plugin outermost: for methods that take more than one (SAM, accumulation). In `fit` only.
   */
  step?(inner: Step, batch: Batch, weights: readonly Weight[], at: Moment): StepResult;
  /** On the tape, the data loss from the data loss; reduced in order; rank 0. In `fit` only: stock fit keeps its predictions to itself. */
  loss?(loss: Tensor, pass: Pass, at: Moment): Tensor;
  /** Summed into J; rank 0. */
  penalty?(weights: readonly Weight[], at: Moment): Tensor;
  /**
   * λ ≥ 0 by `Weight.path`: J gains λ Σ w², its gradient 2 λ w. Summed. Said like this, and not as a `penalty`, it costs no pass of its own
   * over the weights where the optimizer's update is one kernel.
   */
  l2?(weights: readonly Weight[], at: Moment): Coefficients;
  /** Reduced in order, after accumulation. */
  gradients?(gradients: Gradients, weights: readonly Weight[], at: Moment): Gradients;
  /** On the old weights, in order. */
  beforeUpdate?(weights: readonly Weight[], at: Moment): void;
  /** Decay d ≥ 0 by `Weight.path`: w ← w − η d w, after `beforeUpdate` and before the optimizer's update. Summed. */
  weightDecay?(weights: readonly Weight[], at: Moment): Coefficients;
  /** On the new weights, in order. */
  afterUpdate?(weights: readonly Weight[], at: Moment): void;
  /** The driver swaps the snapshot in, evaluates, and swaps it out again in a `finally`. */
  evaluate?(weights: readonly Weight[], at: Moment): Snapshot | void;
  /**
   * The names of the logs that `epochEnd` cannot do without: asked before the first update, so that a run that has no such log is refused. At the end of an epoch
   * without one of them, whose dev data are not evaluated, the plugin is not asked.
   */
  monitors?(): readonly string[];
  /**
   * On the trained weights. `evaluated`: the snapshot of the `evaluate` hooks that the logs were measured on; where it holds nothing for a
   * weight, that was the weight itself. It belongs to the driver.
   */
  epochEnd?(logs: Logs, weights: readonly Weight[], at: Moment, evaluated?: Snapshot): Verdict | void;
  /**
   * On every exit: done, stop, abort, error. A snapshot becomes the final weights. Where several plugins have one, the last wins, and a
   * plugin with `evaluate` yields to those without, which choose among what was evaluated.
   */
  end?(weights: readonly Weight[]): Snapshot | void;
  /** Tensors are handed over: the driver downloads and disposes them. */
  state?(): State;
  /** Takes back what `state` handed out, before the first update of a run that resumes. */
  restore?(state: State): void;
  /** Lets go of kept tensors. Called once, at the very end. */
  dispose?(): void;
}

/** What drives training: `fit` of `@keepprob/trainer`, stock `model.fit`, or a loop written by hand. */
export type Host = 'fit' | 'stock' | 'loop';

/** What a plugin receives when it is attached. */
export interface SetupContext {
  /** What drives this training. A plugin that needs `fit` can say so here. */
  readonly host: Host;
  /** Integer that separates this plugin's random streams from all others. */
  readonly site: number;
}

/** A training plugin: a plain immutable value. All state lives in the hooks that `setup` returns. */
export interface TrainingPlugin<C extends Json = Json> {
  /** The name of its factory, as errors say it. */
  readonly name: string;
  /** The version of the contract that it was written for. */
  readonly apiVersion: typeof API_VERSION;
  /** Its options as JSON: what a checkpoint and a report say of it. */
  readonly config: C;
  /** Names of the random streams that it draws from, next to the default one. */
  readonly streams?: readonly string[];
  /** Runs once per attachment, before any step. */
  setup(context: SetupContext): Hooks;
}

/** What may stand in a list of plugins: falsy entries are skipped, arrays are presets. */
export type Plugins = TrainingPlugin | false | null | undefined | readonly Plugins[];
