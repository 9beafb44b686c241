/** The parts of a checkpoint. */
import type { Json } from '@keepprob/core';
import type { LogNames } from '../objective/logNames.ts';
import type { StoredTensor } from './safetensors.ts';

/** The identity of a run, which must be the same when it resumes. Taken before its first update. */
export interface Identity {
  /** `format` of the file and `mask` of the random numbers decide what can be resumed; `tfjs` is only informative. */
  readonly versions: { readonly format: number; readonly mask: number; readonly tfjs: string };
  readonly seed: number;
  /** Class and options of every layer by its path, without names and initializers. */
  readonly layers: Json;
  /** The sources of the inputs of each layer call, by path. */
  readonly wiring: Json;
  /** Shape and dtype of every weight by path: `[784,128] float32`. */
  readonly weights: Readonly<Record<string, string>>;
  readonly optimizer: Json;
  /** Name and options of every training plugin, in the order of the list. */
  readonly plugins: Json;
  /** Losses, loss weights, class weights and metrics, by output; functions are given by name. */
  readonly objective: Json;
  /** A description of the data: shapes, checksums, batch size, shuffling, and which rows are evaluated. */
  readonly data: Json;
}

/** The position of the training loop. */
export interface Position {
  /** The epoch to continue with, and the number of its updates that are done. */
  readonly epoch: number;
  readonly stepInEpoch: number;
  readonly history: Readonly<Record<string, readonly number[]>>;
  /** The names of each output's logs in the history. */
  readonly logs: LogNames;
  /** Running sums of the epoch in progress. */
  readonly averages: Json;
  /** Why training ended before its last epoch; such a run cannot be resumed. */
  readonly stopped: string | null;
}

/** Everything in a run that is not a tensor. */
export interface Manifest extends Identity, Position {
  /** Updates done. */
  readonly step: number;
  /** The settings of the optimizer at that time: plugins change the learning rate and momentum during a run. */
  readonly optimizerNow: Json;
  /** `values` of `optimizerState`. */
  readonly optimizerValues: Json;
  /** `values` of `run.state()`. */
  readonly pluginValues: Json;
}

/** A saved run: its identity, its progress and its tensors. */
export interface Checkpoint {
  /** The identity and the progress of the run. */
  readonly manifest: Manifest;
  /** Weights by path, slots of the optimizer as `optimizer/field/path`, tensors of plugins as `plugins/position/name`. */
  readonly tensors: Readonly<Record<string, StoredTensor>>;
}
