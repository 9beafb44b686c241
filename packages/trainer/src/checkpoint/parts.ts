/** What a checkpoint consists of. */
import type { Json } from '@keepprob/core';
import type { LogNames } from '../objective/logNames.ts';
import type { StoredTensor } from './safetensors.ts';

/** What a run is, and must still be when it goes on: taken before its first update. */
export interface Identity {
  /** `format` of the file and `mask` of the random numbers decide what can be resumed; `tfjs` is for people. */
  readonly versions: { readonly format: number; readonly mask: number; readonly tfjs: string };
  readonly seed: number;
  /** Class and options of every layer by its path, without names and initializers. */
  readonly layers: Json;
  /** Where the inputs of each call of a layer come from, by path. */
  readonly wiring: Json;
  /** Shape and dtype of every weight by path: `[784,128] float32`. */
  readonly weights: Readonly<Record<string, string>>;
  readonly optimizer: Json;
  /** Name and options of every training plugin, in the order of the list. */
  readonly plugins: Json;
  /** Losses, their weights, weights of classes, metrics: by output, functions by name. */
  readonly objective: Json;
  /** What the data are like: shapes, checksums, batch size, shuffling, what is evaluated. */
  readonly data: Json;
}

/** Where the loop is. */
export interface Position {
  /** The epoch to go on with, and its updates that are done. */
  readonly epoch: number;
  readonly stepInEpoch: number;
  readonly history: Readonly<Record<string, readonly number[]>>;
  /** What the logs of each output are called in the history. */
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
  /** The settings of the optimizer at that time: plugins move learning rate and momentum away from their first values. */
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
