/**
 * A checkpoint is a single safetensors file whose metadata hold a JSON manifest and a checksum. Any safetensors reader can open it and find the weights by path, and
 * there are no separate files that could get out of sync.
 */
import { isTable } from '@keepprob/core/driver';
import { crc32c } from './crc32c.ts';
import { CheckpointError } from './errors.ts';
import { fromExactJson, toExactJson } from './exactJson.ts';
import { manifestOf } from './manifest.ts';
import * as messages from './messages.ts';
import type { Checkpoint, Manifest } from './parts.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import { checkWhole } from './whole.ts';

export const CHECKPOINT_FORMAT = 2;

/** The metadata begin with the checksum of the whole file, computed while these digits are zeros. */
const UNSIGNED = '00000000';
const KEY = '{"__metadata__":{"crc32c":"';
const DIGITS = 8 + KEY.length;
const hex = (crc: number): string => crc.toString(16).padStart(UNSIGNED.length, '0');
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/**
 * A checkpoint as the bytes of one file: safetensors, with a checksum of the whole file and the manifest in its metadata.
 * @example
 * const store = memoryStore();
 * await fit(model, { x, y }, { ...options, checkpoint: { store } });
 * const bytes = encodeCheckpoint(await checkpoints(store).latest());
 * @throws CheckpointError for a tensor of a dtype that the file cannot hold
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  if (!isTable(checkpoint) || !isTable(checkpoint.manifest))
    throw new CheckpointError('unsavable', messages.checkpointExpected(checkpoint));
  const { manifest, tensors } = checkpoint;
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
 * Reads a checkpoint from the bytes of its file. The tensors are views of `bytes`.
 * @example
 * const store = memoryStore();
 * await fit(model, { x, y }, { ...options, checkpoint: { store } });
 * const [file] = await store.list();
 * const { manifest, tensors } = decodeCheckpoint(await store.read(file));
 * manifest.step; // 2
 * @throws CheckpointError `foreign` for other files and formats, `damaged` if the bytes are not those that were written, if there is no manifest, or if
 * something that the manifest names is missing
 */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  if (!(bytes instanceof Uint8Array)) throw new CheckpointError('foreign', messages.bytes(bytes));
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

/** @throws CheckpointError `damaged` for text that is not a manifest */
function parsed(text: string | undefined): Manifest {
  let found: Manifest | string;
  try {
    found = manifestOf(fromExactJson(text ?? 'null'));
  } catch (error) {
    // not JSON, or nested too deeply for the stack
    throw new CheckpointError('damaged', messages.manifest('it cannot be read'), error);
  }
  if (typeof found === 'string') throw new CheckpointError('damaged', messages.manifest(found));
  return found;
}

const startsLikeOne = (bytes: Uint8Array): boolean =>
  bytes.length > DIGITS + UNSIGNED.length && ascii(KEY).every((byte, i) => bytes[8 + i] === byte);
