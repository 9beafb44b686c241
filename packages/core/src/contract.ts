/**
 * The contract of a keepprob plugin. A training step is a pipeline; a plugin is a set of hooks at some of its stages:
 *
 *     batch ─▶ forward ─▶ cost J = loss + Σ penalty ─▶ gradients ─▶ beforeUpdate │ optimizer │ afterUpdate ─▶ epochEnd
 */
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';

/**
 * The version of this contract: hooks, moments, keys, masks, and the kernels that a backend may add. Copies of this package with the same version
 * work together as one; copies with different versions throw an error.
 * @example
 * const idle = { name: 'idle', apiVersion: API_VERSION, config: {}, setup: () => ({}) };
 * attach(model, tf.train.adam(1e-3), idle);
 */
export const API_VERSION = 1;

/** A value that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The role of a weight in its layer; decides which weights a plugin acts on by default. */
export type Role = 'kernel' | 'depthwise' | 'recurrent' | 'embedding' | 'bias' | 'gain' | 'other';

/** Tensors by input or output name, also when there is only one. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** The key of one random draw: a frozen value, never a live counter. */
export interface RandomKey {
  /** Non-negative safe integer; its low and high 32 bits are the Philox key. */
  readonly seed: number;
  /** Index of the update. */
  readonly step: number;
  /** Identifies the plugin that draws. */
  readonly site: number;
  /** Index of the draw within the forward pass. */
  readonly draw: number;
}

/** The point in training at which a hook is called. Frozen; the same for all hooks of one update. */
export interface Moment {
  /** Index of the update in progress, unchanged until after `afterUpdate`. */
  readonly step: number;
  /** 'train' in the hooks of an update, 'evaluate' in those between updates. */
  readonly phase: 'train' | 'evaluate';
  /** The epoch, from 0. In stock fit, reading it throws a `PluginError` unless the attached callback runs. */
  readonly epoch: number;
  /** Learning rate of the update in progress. */
  readonly learningRate: number;
  /** The rows of this shard or micro-batch within the whole batch of the step: [first row, total rows]. */
  readonly rows: readonly [first: number, total: number];
  /** The key of a random draw: the nth call per (site, stream, forward pass) is draw n. `stream` must be one that the plugin declares. */
  key(stream?: string): RandomKey;
}

/** A `Moment` as a layer plugin sees it in its forward pass. */
export interface ForwardMoment extends Moment {
  /** Identifies the update in progress: the same object in all its forward passes, and a different one in every other update of this or any run. */
  readonly update: object;
  /** Adds a rank-0 activation penalty to J. Throws an error in training if nothing collects the penalty, and does nothing at inference. */
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
  /** Its role in the layer. */
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
  /** Sample weights by output name, each [batch]. */
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

/** The cost J of one batch, its parts and its gradients. */
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
   * Number of rows or time steps that the data loss averages over, if a mask decides it: > 0, rank 0, or [outputs] if there are several outputs.
   * Undefined if it averages over all rows. Code that takes a step in parts weights each part by this number.
   */
  readonly counted?: Tensor | undefined;
}

/** Options of a `Step`. */
export interface StepOptions {
  /** False computes J without gradients: only the forward pass, with an empty map of gradients. True by default. */
  readonly gradients?: boolean;
}

/**
 * Runs the forward and backward pass over a batch, or over rows of the step's batch: [first, total]. Called again, it repeats the same draws, and J is
 * the same number, bit for bit, with or without gradients. A plugin must not dispose the result.
 */
export type Step = (batch: Batch, rows?: Moment['rows'], options?: StepOptions) => StepResult;

/** A gradient for each weight, by `Weight.path`. */
export type Gradients = ReadonlyMap<string, Tensor>;
/** Numbers for some weights, by `Weight.path`; weights that are not in it have 0. */
export type Coefficients = ReadonlyMap<string, number>;
/** Values for some weights, by `Weight.path`. The plugin owns the tensors. */
export type Snapshot = ReadonlyMap<string, Tensor>;
/** The state that a plugin needs to resume a run: tensors by name, and anything else as JSON. */
export type State = Readonly<{
  /** Tensors by name. */
  tensors: Tensors;
  /** Everything else. */
  values: Json;
}>;
/** The logs of an epoch, numbers by name: `loss`, `valLoss`, `accuracy`, … */
export type Logs = Readonly<Record<string, number>>;

/** Settings of the optimizer. */
export interface Settings {
  /** The learning rate η; unchanged by default. */
  readonly learningRate?: number;
  /** The momentum of SGD with momentum and of RMSProp; unchanged by default. */
  readonly momentum?: number;
}

/** What a plugin decides at the end of an epoch. Leave a field out to change nothing. */
export interface Verdict {
  /** The reason to stop training, in words. */
  readonly stop?: string;
  /** Learning rate from the next update on. */
  readonly learningRate?: number;
}

/**
 * The hooks of a plugin, and how the hooks of several plugins combine. Hooks are synchronous and run inside `tf.tidy`; whatever must outlive
 * the call goes through `tf.keep` and `dispose`. The hooks of an update see the weights that it trains; `evaluate`, `epochEnd` and `end` see every
 * weight, including frozen ones and statistics.
 */
export interface Hooks {
  /** Settings of the optimizer for the update that is about to begin. Merged; the last one wins. */
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
   * λ ≥ 0 by `Weight.path`: adds λ Σ w² to J and 2 λ w to its gradient. Summed. Unlike a `penalty`, it needs no extra pass over the weights if the
   * optimizer updates them with one kernel.
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
   * The names of the logs that `epochEnd` needs. The driver checks them before the first update and throws an error if the run will not have one of them.
   * `epochEnd` is not called after an epoch that lacks one of them, such as an epoch without validation.
   */
  monitors?(): readonly string[];
  /**
   * Called at the end of an epoch, on the trained weights. `evaluated` is the snapshot from the `evaluate` hooks on which the logs were measured; weights
   * that are not in it were evaluated as they are. The driver owns it.
   */
  epochEnd?(logs: Logs, weights: readonly Weight[], at: Moment, evaluated?: Snapshot): Verdict | void;
  /**
   * Called whenever training ends: done, stopped, aborted or failed. A snapshot becomes the final weights. If several plugins return one, the last wins, but
   * plugins with `evaluate` yield to those without, which choose among the weights that were evaluated.
   */
  end?(weights: readonly Weight[]): Snapshot | void;
  /** The state to save. The driver takes over the tensors: it downloads and disposes them. */
  state?(): State;
  /** Restores what `state` returned, before the first update of a resumed run. */
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

/** An entry in a list of plugins: falsy entries are skipped, arrays are presets. */
export type Plugins = TrainingPlugin | false | null | undefined | readonly Plugins[];
