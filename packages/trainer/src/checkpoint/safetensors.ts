/**
 * The safetensors format (https://github.com/huggingface/safetensors): 8 bytes with the length of the header, little-endian; the header, JSON that gives the dtype,
 * shape and position of each tensor, padded with spaces to a multiple of 8; the data, without gaps or overlaps.
 */
import { isTable, show } from '@keepprob/core/driver';
import { CheckpointError } from './errors.ts';
import { isCount, isRecord } from './is.ts';
import * as messages from './messages.ts';

/** The types of numbers that a checkpoint can hold. */
export type Dtype = 'float32' | 'int32' | 'uint8' | 'bool';

/** A tensor as bytes outside of any backend; data in row-major order. */
export interface StoredTensor {
  /** The type of its numbers. */
  readonly dtype: Dtype;
  /** Its shape; [] for a scalar. */
  readonly shape: readonly number[];
  /** Its numbers in row-major order. */
  readonly data: Float32Array | Int32Array | Uint8Array;
}
/** The contents of a safetensors file. */
export interface Safetensors {
  /** Tensors by name. */
  readonly tensors: Readonly<Record<string, StoredTensor>>;
  /** `__metadata__`: text by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [begin: number, end: number];
}

const arrays = { F32: Float32Array, I32: Int32Array, U8: Uint8Array, BOOL: Uint8Array } as const;
type Code = keyof typeof arrays;
const codes: Readonly<Record<Dtype, Code>> = { float32: 'F32', int32: 'I32', uint8: 'U8', bool: 'BOOL' };
const dtypes: Readonly<Record<Code, Dtype>> = { F32: 'float32', I32: 'int32', U8: 'uint8', BOOL: 'bool' };

/** The limit of the standard reader; nothing else bounds the header of a file from elsewhere. */
const LONGEST_HEADER = 100_000_000;
const LENGTH = 8;

const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
const bytesOf = ({ data }: StoredTensor): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/**
 * Writes the safetensors format. Metadata come first in the header, in the given order. Wide dtypes come first in the data, so that all of them are aligned.
 * @example
 * const bytes = encodeSafetensors({ tensors: { w: { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) } }, metadata: { by: 'me' } });
 * await writeFile('weights.safetensors', bytes); // of node:fs/promises
 * @throws CheckpointError if `given` is not `{ tensors, metadata }`, and for tensors that a file cannot hold
 */
export function encodeSafetensors(given: Safetensors): Uint8Array<ArrayBuffer> {
  const { tensors, metadata } = checkParts(given);
  const width = ([, { data }]: [string, StoredTensor]): number => data.BYTES_PER_ELEMENT;
  const list = Object.entries(tensors).sort((a, b) => width(b) - width(a));
  const entries: [string, Entry | typeof metadata][] = [['__metadata__', metadata]];
  let end = 0;
  for (const [name, tensor] of list) {
    const begin = end;
    end += tensor.data.byteLength;
    entries.push([name, { dtype: codes[tensor.dtype], shape: tensor.shape, data_offsets: [begin, end] }]);
  }
  const text = entries.map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`).join();
  const header = new TextEncoder().encode(`{${text}}`);
  const length = Math.ceil(header.length / 8) * 8;
  const file = bytesFor(LENGTH + length + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
  file.fill(0x20, LENGTH, LENGTH + length);
  file.set(header, LENGTH);
  let at = LENGTH + length;
  for (const [, tensor] of list) {
    file.set(bytesOf(tensor), at);
    at += tensor.data.byteLength;
  }
  return file;
}

/** @throws CheckpointError for contents that a file cannot hold */
function checkParts(given: Safetensors): Safetensors {
  const { tensors, metadata } = isTable(given) ? given : { tensors: undefined, metadata: undefined };
  const isText = isTable(metadata) && Object.values(metadata).every(text => typeof text === 'string');
  if (!isTable(tensors) || !isText) throw new CheckpointError('unsavable', messages.safetensorsExpected(given));
  for (const [name, tensor] of Object.entries(tensors)) checkTensor(name, tensor);
  return given;
}

/** @throws CheckpointError if `count` is more than one array can hold: 4 GiB in Node 20, less in some browsers */
function bytesFor(count: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(count);
  } catch (error) {
    throw new CheckpointError('unsavable', messages.tooLarge(count), error);
  }
}

/** @throws CheckpointError for a tensor that a file cannot hold */
export function checkTensor(name: string, tensor: unknown): asserts tensor is StoredTensor {
  const refuse = (reason: string): never => {
    throw new CheckpointError('unsavable', messages.tensor(name, reason));
  };
  if (!isRecord(tensor)) return refuse('it is not { dtype, shape, data }');
  const { dtype, shape, data } = tensor;
  if (!isDtype(dtype)) return refuse(messages.dtypeUnsaved(typeof dtype === 'string' ? dtype : show(dtype)));
  const array = arrays[codes[dtype]];
  if (!(data instanceof array)) return refuse(`its data are not of type ${array.name}`);
  if (name === '__metadata__') refuse('this name is taken by the format');
  if (!isShape(shape)) return refuse(`its shape is ${show(shape)}`);
  if (elements(shape) !== data.length) refuse(messages.elements(elements(shape), data.length));
}

const isDtype = (value: unknown): value is Dtype => typeof value === 'string' && Object.hasOwn(codes, value);
const isShape = (value: unknown): value is readonly number[] => Array.isArray(value) && value.every(isCount);

/**
 * Reads the safetensors format. The tensors are views of `bytes` if they are aligned, and copies otherwise.
 * @example
 * const bytes = encodeSafetensors({ tensors: { w: { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) } }, metadata: {} });
 * decodeSafetensors(bytes).tensors.w.data; // [1, 2]
 * @throws CheckpointError for anything but a complete file of this format, and for dtypes other than F32, I32, U8 and BOOL
 */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  if (!(bytes instanceof Uint8Array)) throw new CheckpointError('foreign', messages.bytes(bytes));
  const { header, data } = splitFile(bytes);
  const { __metadata__: metadata = {}, ...entries } = parseHeader(header) as Record<string, Entry> & {
    __metadata__?: Record<string, string>;
  };
  if (!isRecord(metadata) || Object.values(metadata).some(v => typeof v !== 'string')) refuse('metadata must be text');
  checkLayout(entries, data.length);
  const tensors = Object.entries(entries).map(([name, { dtype, shape, data_offsets }]): [string, StoredTensor] => {
    const part = data.subarray(...data_offsets);
    const make = arrays[dtype as Code];
    const aligned = part.byteOffset % make.BYTES_PER_ELEMENT === 0 ? part : part.slice();
    const values = new make(aligned.buffer as ArrayBuffer, aligned.byteOffset, elements(shape));
    return [name, { dtype: dtypes[dtype as Code], shape, data: values }];
  });
  return { tensors: Object.fromEntries(tensors), metadata };
}

const refuse = (reason: string): never => {
  throw new CheckpointError('foreign', messages.notSafetensors(reason));
};

function splitFile(bytes: Uint8Array): { readonly header: Uint8Array; readonly data: Uint8Array } {
  if (bytes.length < LENGTH) refuse(`it has ${bytes.length} bytes`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > LONGEST_HEADER) refuse(`its header would have ${length} bytes`);
  if (LENGTH + length > bytes.length) refuse('it ends within its header');
  return { header: bytes.subarray(LENGTH, LENGTH + length), data: bytes.subarray(LENGTH + length) };
}

function parseHeader(header: Uint8Array): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(header));
    if (isRecord(parsed)) return parsed;
  } catch {
    // reported below
  }
  return refuse('its header is not a JSON object');
}

/** Sorted by position, the tensors must follow each other without gaps from the first byte to the last. */
function checkLayout(entries: Readonly<Record<string, Entry>>, size: number): void {
  let end = 0;
  for (const [name, entry] of Object.entries(entries)) {
    const wrong = (reason: string): never => {
      throw new CheckpointError('foreign', messages.tensor(name, reason));
    };
    if (!isRecord(entry) || !Array.isArray(entry.shape) || !entry.shape.every(isCount)) wrong('it has no valid shape');
    if (!Object.hasOwn(arrays, entry.dtype)) wrong(messages.dtypeUnknown(entry.dtype, Object.keys(arrays)));
    const offsets: readonly unknown[] = Array.isArray(entry.data_offsets) ? entry.data_offsets : [];
    if (offsets.length !== 2 || !offsets.every(isCount)) wrong('it has no valid place');
  }
  const inPlace = Object.entries(entries).sort(
    ([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1],
  );
  for (const [name, { dtype, shape, data_offsets }] of inPlace) {
    const [from, to] = data_offsets;
    const wanted = elements(shape) * arrays[dtype as Code].BYTES_PER_ELEMENT;
    if (from !== end)
      throw new CheckpointError('foreign', messages.tensor(name, `it begins at ${from}, not at ${end}`));
    if (to - from !== wanted)
      throw new CheckpointError('foreign', messages.tensor(name, `it has ${to - from} bytes, its shape ${wanted}`));
    end = to;
  }
  if (end !== size) refuse(`it has ${size} bytes of data, its header ${end}`);
}
