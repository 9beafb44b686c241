/**
 * One checkpoint is one file: safetensors, whose metadata hold a JSON manifest and a checksum. Any reader of safetensors opens the weights, by their
 * paths; there are no two files that could fall apart.
 */
import type { Json } from '@keepprob/core';
import type { LogNames } from '../objective/logNames.ts';
import { crc32c } from './crc32c.ts';
import { CheckpointError } from './errors.ts';
import { fromExactJson, toExactJson } from './exactJson.ts';
import { manifestOf } from './manifest.ts';
import * as messages from './messages.ts';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from './safetensors.ts';
import { checkWhole } from './whole.ts';

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
  /** Why training has ended before its last epoch: there is nothing to go on with. */
  readonly stopped: string | null;
}

/** Everything of a run that is no tensor. */
export interface Manifest extends Identity, Position {
  /** Updates done. */
  readonly step: number;
  /** The optimizer as it was then: plugins move learning rate and momentum away from those it was made with. */
  readonly optimizerNow: Json;
  /** `values` of `optimizerState`. */
  readonly optimizerValues: Json;
  /** `values` of `run.state()`. */
  readonly pluginValues: Json;
}

export interface Checkpoint {
  readonly manifest: Manifest;
  /** Weights by path, slots of the optimizer as `optimizer/field/path`, tensors of plugins as `plugins/position/name`. */
  readonly tensors: Readonly<Record<string, StoredTensor>>;
}

export const CHECKPOINT_FORMAT = 2;

/** The metadata begin with the checksum of the whole file, taken while these digits are zeros. */
const UNSIGNED = '00000000';
const KEY = '{"__metadata__":{"crc32c":"';
const DIGITS = 8 + KEY.length;
const hex = (crc: number): string => crc.toString(16).padStart(UNSIGNED.length, '0');
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** @throws CheckpointError for a tensor of a dtype that has no place in the file */
export function encodeCheckpoint({ manifest, tensors }: Checkpoint): Uint8Array<ArrayBuffer> {
  const metadata = {
    crc32c: UNSIGNED,
    format: `keepprob-checkpoint-${CHECKPOINT_FORMAT}`,
    manifest: toExactJson(manifest),
  };
  const file = encodeSafetensors({ tensors, metadata });
  file.set(ascii(hex(crc32c(file))), DIGITS);
  return file;
}

/**
 * The tensors are views of `bytes`.
 * @throws CheckpointError `foreign` for other files and formats, `damaged` for one whose bytes are not those that were written, that has no manifest, or that lacks
 * what its manifest names
 */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  if (!startsLikeOne(bytes)) throw new CheckpointError('foreign', messages.notACheckpoint());
  const named = new TextDecoder().decode(bytes.subarray(DIGITS, DIGITS + UNSIGNED.length));
  const parts = [bytes.subarray(0, DIGITS), ascii(UNSIGNED), bytes.subarray(DIGITS + UNSIGNED.length)];
  const found = parts.reduce((crc, part) => crc32c(part, crc), 0);
  if (hex(found) !== named) throw new CheckpointError('damaged', messages.damaged());
  const { tensors, metadata } = decodeSafetensors(bytes);
  const format = /^keepprob-checkpoint-(\d+)$/.exec(metadata.format ?? '')?.[1];
  if (format !== String(CHECKPOINT_FORMAT)) {
    throw new CheckpointError('foreign', messages.format(format ?? metadata.format, CHECKPOINT_FORMAT));
  }
  const manifest = parsed(metadata.manifest);
  checkWhole(manifest, tensors);
  return { manifest, tensors };
}

/** @throws CheckpointError `damaged` for text that is no manifest */
function parsed(text: string | undefined): Manifest {
  let found: Manifest | string;
  try {
    found = manifestOf(fromExactJson(text ?? 'null'));
  } catch (error) {
    // no JSON, or nested deeper than the stack
    throw new CheckpointError('damaged', messages.manifest('it cannot be read'), error);
  }
  if (typeof found === 'string') throw new CheckpointError('damaged', messages.manifest(found));
  return found;
}

const startsLikeOne = (bytes: Uint8Array): boolean =>
  bytes.length > DIGITS + UNSIGNED.length && ascii(KEY).every((byte, i) => bytes[8 + i] === byte);
