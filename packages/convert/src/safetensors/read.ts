import { OptionError } from '@keepprob/core';
import { isTable, ownValue } from '@keepprob/core/driver';
import { ConvertError } from '../errors.ts';
import * as messages from '../messages.ts';
import { isCount, isShape, sizeOf } from './checks.ts';
import { readable, type SafeTensor } from './dtypes.ts';

/** The limit of the standard reader. */
const LONGEST_HEADER = 100_000_000;

interface Entry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * Reads a safetensors file, such as one written by PyTorch's `save_file`. Float16, bfloat16 and float64 become float32. Damaged or malicious files are safe
 * to read: lengths, offsets and shapes are checked against the actual bytes before they are used.
 * @returns tensors by name, in the order of their data; an object without a prototype
 * @example
 * const { w } = readSafetensors(writeSafetensors({ w: { dtype: 'int32', shape: [1, 2], data: Int32Array.of(3, 4) } }));
 * w.shape; // [1, 2]
 * @throws ConvertError if it is not a whole file of this format (`foreign`, `damaged`), and for unsupported dtypes (`foreign`); OptionError if `bytes` is not
 * a Uint8Array
 */
export function readSafetensors(bytes: Uint8Array): Readonly<Record<string, SafeTensor>> {
  if (!(bytes instanceof Uint8Array)) throw OptionError.of('readSafetensors', 'bytes', 'a Uint8Array', bytes);
  const { header, data } = partsOf(bytes);
  const entries = entriesOf(header).sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkPlaces(entries, data.length);
  const tensors: Record<string, SafeTensor> = Object.create(null);
  for (const { name, dtype, shape, begin, end } of entries) {
    const read = ownValue(readable, dtype);
    // a copy is aligned, and does not hold the whole file
    if (read) tensors[name] = { dtype: read.dtype, shape, data: read.of(data.slice(begin, end)) };
  }
  return tensors;
}

function partsOf(bytes: Uint8Array): { readonly header: Uint8Array; readonly data: Uint8Array } {
  if (bytes.length < 8) throw damaged(`it has ${bytes.length} bytes`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > LONGEST_HEADER) throw foreign(`its header would have ${length} bytes`);
  const begin = 8 + Number(length);
  if (begin > bytes.length) throw damaged('it ends within its header');
  return { header: bytes.subarray(8, begin), data: bytes.subarray(begin) };
}

function entriesOf(header: Uint8Array): Entry[] {
  const parsed = jsonIn(header);
  if (!isTable(parsed)) throw foreign('its header is not a JSON object');
  return Object.entries(parsed)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => entryOf(name, entry));
}

function jsonIn(header: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(header));
  } catch (cause) {
    throw foreign('its header is not a JSON object', cause);
  }
}

function entryOf(name: string, entry: unknown): Entry {
  const { dtype, shape, data_offsets: place } = isTable(entry) ? entry : {};
  if (!isShape(shape)) throw damaged(messages.ofTensor(name, 'it has no valid shape'));
  if (typeof dtype !== 'string' || !Object.hasOwn(readable, dtype))
    throw foreign(messages.ofTensor(name, messages.dtypeUnknown(dtype, Object.keys(readable))));
  const [begin, end, ...others]: readonly unknown[] = Array.isArray(place) ? place : [];
  if (!isCount(begin) || !isCount(end) || others.length)
    throw damaged(messages.ofTensor(name, 'it has no valid data_offsets'));
  const wanted = sizeOf(shape) * (ownValue(readable, dtype)?.bytes ?? 0);
  if (end - begin !== wanted)
    throw damaged(messages.ofTensor(name, `it has ${end - begin} bytes, but its shape needs ${wanted}`));
  return { name, dtype, shape, begin, end };
}

/** The tensors must follow each other from the first byte to the last. */
function checkPlaces(entries: readonly Entry[], size: number): void {
  let at = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== at) throw damaged(messages.ofTensor(name, `it begins at byte ${begin}, not at ${at}`));
    at = end;
  }
  if (at !== size) throw damaged(`it has ${size} bytes of data, but its header describes ${at}`);
}

const foreign = (reason: string, cause?: unknown): ConvertError =>
  new ConvertError('foreign', messages.notSafetensors(reason), { cause });
const damaged = (reason: string): ConvertError => new ConvertError('damaged', messages.notSafetensors(reason));
