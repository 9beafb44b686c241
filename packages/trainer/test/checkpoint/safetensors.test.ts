/** The format, byte by byte, as its specification says. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CheckpointError } from '../../src/checkpoint/errors.ts';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from '../../src/checkpoint/safetensors.ts';

/** Written out by hand: length of the header, header padded to a multiple of 8, data. */
const file = (header: string, data: readonly number[], padding = (8 - (header.length % 8)) % 8): Uint8Array => {
  const length = header.length + padding;
  const bytes = [length & 0xff, length >> 8, 0, 0, 0, 0, 0, 0];
  for (const char of header + ' '.repeat(padding)) bytes.push(char.charCodeAt(0));
  return Uint8Array.from([...bytes, ...data]);
};

// 1.5 is 0x3fc00000, −2 is 0xc0000000, 258 is 0x00000102
const HEADER =
  '{"__metadata__":{"a":"b"},"w":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},' +
  '"i":{"dtype":"I32","shape":[],"data_offsets":[8,12]},"m":{"dtype":"BOOL","shape":[3],"data_offsets":[12,15]}}';
const DATA = [0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0, 2, 1, 0, 0, 1, 0, 1];
const TENSORS: Record<string, StoredTensor> = {
  w: { dtype: 'float32', shape: [2, 1], data: Float32Array.of(1.5, -2) },
  i: { dtype: 'int32', shape: [], data: Int32Array.of(258) },
  m: { dtype: 'bool', shape: [3], data: Uint8Array.of(1, 0, 1) },
};

test('bytes written by hand are what is encoded, and read', () => {
  const bytes = file(HEADER, DATA);
  expect(encodeSafetensors({ tensors: TENSORS, metadata: { a: 'b' } })).toEqual(bytes);
  expect(decodeSafetensors(bytes)).toEqual({ tensors: TENSORS, metadata: { a: 'b' } });
});

test('narrow dtypes go behind wide ones, so that every tensor is aligned', () => {
  const { m, w, i } = TENSORS as Record<'m' | 'w' | 'i', StoredTensor>;
  const bytes = encodeSafetensors({ tensors: { m, w, i }, metadata: {} });
  const read = decodeSafetensors(bytes).tensors;
  expect(read).toEqual({ m, w, i });
  for (const { data } of Object.values(read)) expect(data.buffer).toBe(bytes.buffer);
});

test('a file of another writer need not be aligned', () => {
  const header =
    '{"m":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"w":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}}';
  const { tensors, metadata } = decodeSafetensors(file(header, [7, 0, 0, 0xc0, 0x3f], 3));
  expect(tensors).toEqual({
    m: { dtype: 'uint8', shape: [1], data: Uint8Array.of(7) },
    w: { dtype: 'float32', shape: [1], data: Float32Array.of(1.5) },
  });
  expect(metadata).toEqual({});
});

const tensor = fc
  .tuple(fc.constantFrom('float32', 'int32', 'uint8', 'bool' as const), fc.array(fc.nat(4), { maxLength: 4 }))
  .chain(([dtype, shape]) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const numbers = { minLength: size, maxLength: size };
    const data = {
      float32: fc.float32Array(numbers),
      int32: fc.int32Array(numbers),
      uint8: fc.uint8Array(numbers),
      bool: fc.uint8Array({ ...numbers, max: 1 }),
    }[dtype as StoredTensor['dtype']];
    return data.map(values => ({ dtype, shape, data: values }) as StoredTensor);
  });
const name = fc.string({ unit: 'grapheme', minLength: 1 }).filter(n => n !== '__metadata__');

test('what was encoded is decoded, to the bit', () => {
  fc.assert(
    fc.property(fc.dictionary(name, tensor), fc.dictionary(fc.string(), fc.string()), (tensors, metadata) => {
      const bytes = encodeSafetensors({ tensors, metadata });
      const read = decodeSafetensors(bytes);
      expect(read.metadata).toEqual(metadata);
      expect(new Set(Object.keys(read.tensors))).toEqual(new Set(Object.keys(tensors)));
      for (const [key, { dtype, shape, data }] of Object.entries(tensors)) {
        const found = read.tensors[key] as StoredTensor;
        expect([found.dtype, found.shape]).toEqual([dtype, shape]);
        const bits = (d: StoredTensor['data']) => Buffer.from(d.buffer, d.byteOffset, d.byteLength).toString('hex');
        expect(bits(found.data)).toBe(bits(data));
      }
    }),
  );
});

test('a file cut anywhere is refused', () => {
  const whole = encodeSafetensors({ tensors: TENSORS, metadata: { a: 'b' } });
  for (let length = 0; length < whole.length; length++) {
    expect(() => decodeSafetensors(whole.subarray(0, length))).toThrow(CheckpointError);
  }
});

const entry = (dtype: string, shape: string, from: number, to: number): string =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${from},${to}]}`;

test.each<[string, string, number, RegExp]>([
  ['no JSON', '{"a":', 0, /not a JSON object/],
  ['no object', '[1]', 0, /not a JSON object/],
  ['overlap', `{"a":${entry('F32', '[2]', 0, 8)},"b":${entry('F32', '[1]', 4, 8)}}`, 8, /"b".*begins at 4, not at 8/],
  ['gap', `{"a":${entry('F32', '[1]', 0, 4)},"b":${entry('F32', '[1]', 8, 12)}}`, 12, /"b".*begins at 8, not at 4/],
  ['shape and bytes', `{"a":${entry('F32', '[3]', 0, 8)}}`, 8, /has 8 bytes, its shape 12/],
  ['bytes left over', `{"a":${entry('F32', '[1]', 0, 4)}}`, 6, /has 6 bytes of data, its header 4/],
  ['other dtype', `{"a":${entry('BF16', '[2]', 0, 4)}}`, 4, /dtype BF16 is not one of F32, I32, U8, BOOL/],
  ['inherited name as dtype', `{"a":${entry('toString', '[2]', 0, 4)}}`, 4, /dtype toString/],
  ['negative size', `{"a":${entry('F32', '[-1,-1]', 0, 4)}}`, 4, /no valid shape/],
  ['fraction', `{"a":${entry('F32', '[0.5]', 0, 2)}}`, 2, /no valid shape/],
  ['end before begin', `{"a":${entry('F32', '[1]', 4, 0)}}`, 4, /begins at 4/],
  ['no place', '{"a":{"dtype":"F32","shape":[1]}}', 4, /no valid place/],
  ['no entry', '{"a":1}', 0, /no valid shape/],
  ['metadata of numbers', '{"__metadata__":{"a":1}}', 0, /metadata must be text/],
])('%s: refused', (_, header, bytes, message) => {
  const read = () => decodeSafetensors(file(header, Array(bytes).fill(0)));
  expect(read).toThrow(message);
  expect(read).toThrow(CheckpointError);
});

test('a length beyond all files is refused without taking memory', () => {
  expect(() => decodeSafetensors(new Uint8Array(16).fill(0xff))).toThrow(/header would have/);
});

test.each<[string, StoredTensor, RegExp]>([
  ['a dtype without a code', { dtype: 'string' as 'bool', shape: [1], data: Uint8Array.of(1) }, /dtype string/],
  ['a shape of other size', { dtype: 'float32', shape: [3], data: Float32Array.of(1) }, /3 elements, its data 1/],
  ['data of another type', { dtype: 'float32', shape: [1], data: Int32Array.of(1) }, /not of type Float32Array/],
])('%s is not written', (_, bad, message) => {
  expect(() => encodeSafetensors({ tensors: { bad }, metadata: {} })).toThrow(message);
});
