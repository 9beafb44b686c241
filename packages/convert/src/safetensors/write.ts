/**
 * The safetensors format (https://github.com/huggingface/safetensors): 8 bytes with the length of the header, little-endian; the header, JSON that
 * gives the dtype, shape and offsets of each tensor, padded with spaces to a multiple of 8; the data, without gaps or overlaps.
 */
import { OptionError } from '@keepprob/core';
import { isTable } from '@keepprob/core/driver';
import { isShape, sizeOf } from './checks.ts';
import { type SafeTensor, written } from './dtypes.ts';

/**
 * Writes tensors as a safetensors file, which `safetensors.torch.load_file` and `safetensors.numpy.load_file` can read. Wide dtypes come first, so that all
 * tensors are aligned.
 * @param tensors tensors by name
 * @param metadata strings by name, which are stored as `__metadata__`; none by default
 * @example
 * const bytes = writeSafetensors({ w: { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) } });
 * readSafetensors(bytes).w.data; // [1, 2]
 * @throws OptionError for anything that is not a tensor, such as data whose length does not match the shape
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, SafeTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const list = checked(tensors).sort(([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  const entries: [name: string, entry: unknown][] = Object.keys(metadata).length ? [['__metadata__', metadata]] : [];
  let end = 0;
  for (const [name, { dtype, shape, data }] of list) {
    entries.push([name, { dtype: written[dtype].code, shape, data_offsets: [end, end + data.byteLength] }]);
    end += data.byteLength;
  }
  // not by JSON.stringify of an object, which would sort names that are numbers first
  const text = `{${entries.map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`).join()}}`;
  const header = new TextEncoder().encode(text);
  const begin = 8 + Math.ceil(header.length / 8) * 8;
  const file = new Uint8Array(begin + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(begin - 8), true);
  file.fill(0x20, 8, begin);
  file.set(header, 8);
  let at = begin;
  for (const [, { data }] of list) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

/** @throws OptionError for anything that a file cannot hold */
function checked(tensors: unknown): [name: string, tensor: SafeTensor][] {
  if (!isTable(tensors)) throw OptionError.of('writeSafetensors', 'tensors', 'tensors by name', tensors);
  return Object.entries(tensors).map(([name, tensor]) => {
    if (name === '__metadata__')
      throw OptionError.of('writeSafetensors', name, 'another name: the format reserves this one for metadata', name);
    if (!isSafeTensor(tensor))
      throw OptionError.of(
        'writeSafetensors',
        name,
        '{ dtype, shape, data }, with as many numbers as the shape has elements',
        tensor,
      );
    return [name, tensor];
  });
}

function isSafeTensor(tensor: unknown): tensor is SafeTensor {
  if (!isTable(tensor)) return false;
  const { dtype, shape, data } = tensor;
  if (typeof dtype !== 'string' || !Object.hasOwn(written, dtype)) return false;
  const { array } = written[dtype as SafeTensor['dtype']];
  return isShape(shape) && data instanceof array && data.length === sizeOf(shape);
}
