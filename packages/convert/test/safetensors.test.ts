import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConvertError, readSafetensors, type SafeTensor, writeSafetensors } from '../src/index.ts';
import { halfToFloat } from '../src/safetensors/dtypes.ts';

const w: SafeTensor = { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, -2, 3.5, 0) };

/** A file from the format's definition: length, header, data. */
function file(header: unknown, data: Uint8Array = new Uint8Array()): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

test('a file is what the format says', () => {
  const bytes = writeSafetensors({ b: { dtype: 'uint8', shape: [1], data: Uint8Array.of(7) }, w }, { by: 'me' });
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  expect(length % 8).toBe(0);
  expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))).toEqual({
    __metadata__: { by: 'me' },
    w: { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] },
    b: { dtype: 'U8', shape: [1], data_offsets: [16, 17] },
  });
  expect(bytes.length).toBe(8 + length + 17);
});

const arrays = {
  float32: (n: number[]) => Float32Array.from(n),
  int32: (n: number[]) => Int32Array.from(n),
  int64: (n: number[]) => BigInt64Array.from(n, BigInt),
  uint8: (n: number[]) => Uint8Array.from(n),
  bool: (n: number[]) => Uint8Array.from(n, v => v % 2),
};
const tensors = fc
  .tuple(
    fc.constantFrom('float32', 'int32', 'int64', 'uint8', 'bool'),
    fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
  )
  .map(([dtype, shape]): SafeTensor => {
    const size = shape.reduce((a, b) => a * b, 1);
    return { dtype, shape, data: arrays[dtype](Array.from({ length: size }, (_, i) => i * 3)) };
  });

test('what is written is read again, whatever the names', () => {
  const names = fc.string({ unit: 'grapheme', maxLength: 5 }).filter(name => name !== '__proto__');
  fc.assert(
    fc.property(fc.dictionary(names, tensors), given => {
      const read = readSafetensors(writeSafetensors(given));
      expect(Object.keys(read).sort()).toEqual(Object.keys(given).sort());
      for (const [name, tensor] of Object.entries(given)) expect(read[name]).toEqual(tensor);
    }),
    { numRuns: 50 },
  );
});

test('other floats become float32', () => {
  const header = {
    h: { dtype: 'F16', shape: [2], data_offsets: [0, 4] },
    b: { dtype: 'BF16', shape: [1], data_offsets: [4, 6] },
  };
  const read = readSafetensors(file(header, Uint8Array.of(0x00, 0x3c, 0x00, 0xc0, 0xc0, 0x3f)));
  expect(read.h?.data).toEqual(Float32Array.of(1, -2));
  expect(read.b?.data).toEqual(Float32Array.of(1.5));
  expect([0x0001, 0x7c00, 0xfc00, 0x7bff].map(halfToFloat)).toEqual([2 ** -24, Infinity, -Infinity, 65504]);
  expect(halfToFloat(0x7e00)).toBeNaN();
});

const entry = { dtype: 'F32', shape: [1], data_offsets: [0, 4] };
const four = new Uint8Array(4);

test.each([
  ['nothing', new Uint8Array(), 'damaged'],
  ['seven bytes', new Uint8Array(7), 'damaged'],
  ['a header of 2^63 bytes', Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 128), 'foreign'],
  ['a header longer than the file', Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 123, 125), 'damaged'],
  ['a header that is no JSON', file('{'), 'foreign'],
  ['a header that is a list', file([]), 'foreign'],
  ['a header that is no UTF-8', file('{"é":1}').map((b, i) => (i === 10 ? 0xff : b)), 'foreign'],
  ['a dtype that there is not', file({ w: { ...entry, dtype: 'F8' } }, four), 'foreign'],
  ['a dtype that every object has', file({ w: { ...entry, dtype: 'toString' } }, four), 'foreign'],
  ['a negative size', file({ w: { ...entry, shape: [-1] } }, four), 'damaged'],
  ['half a size', file({ w: { ...entry, shape: [0.5] } }, four), 'damaged'],
  ['a size beyond all numbers', file({ w: { ...entry, shape: [2 ** 40, 2 ** 40] } }, four), 'damaged'],
  ['no shape', file({ w: { ...entry, shape: null } }, four), 'damaged'],
  ['a place that ends before it begins', file({ w: { ...entry, data_offsets: [4, 0] } }, four), 'damaged'],
  ['a place behind the data', file({ w: { ...entry, data_offsets: [4, 8] } }, four), 'damaged'],
  ['a place of three', file({ w: { ...entry, data_offsets: [0, 4, 8] } }, four), 'damaged'],
  ['two tensors in one place', file({ a: entry, b: entry }, four), 'damaged'],
  ['data that no tensor has', file({ w: entry }, new Uint8Array(8)), 'damaged'],
  ['fewer bytes than the shape', file({ w: { ...entry, shape: [2] } }, four), 'damaged'],
  ['a number for a tensor', file({ w: 1 }), 'damaged'],
])('%s is refused', (_, bytes, problem) => {
  const read = () => readSafetensors(bytes);
  expect(read).toThrow(ConvertError);
  expect(read).toThrow(expect.objectContaining({ problem }));
});

test('no name reaches a prototype', () => {
  const read = readSafetensors(
    file(
      '{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"constructor":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}',
      four,
    ),
  );
  expect(Object.getPrototypeOf(read)).toBeNull();
  expect(Object.keys(read)).toEqual(['__proto__', 'constructor']);
  expect(({} as { dtype?: unknown }).dtype).toBeUndefined();
});

test('cut anywhere, a file is refused; with any byte changed it is refused, or read whole', () => {
  const bytes = writeSafetensors({ w, n: { dtype: 'int64', shape: [], data: BigInt64Array.of(3n) } });
  for (let length = 0; length < bytes.length; length++)
    expect(() => readSafetensors(bytes.subarray(0, length))).toThrow(ConvertError);
  for (let at = 0; at < bytes.length; at++) {
    for (const bit of [1, 0x20, 0x80]) {
      const changed = bytes.map((byte, i) => (i === at ? byte ^ bit : byte));
      try {
        for (const { shape, data } of Object.values(readSafetensors(changed)))
          expect(data.length).toBe(shape.reduce((a, b) => a * b, 1));
      } catch (error) {
        expect(error).toBeInstanceOf(ConvertError);
      }
    }
  }
});

test.each([
  [null],
  [{ w: { ...w, shape: [3] } }],
  [{ w: { ...w, dtype: 'float64' } }],
  [{ w: { ...w, data: Int32Array.of(1, 2, 3, 4) } }],
  [{ __metadata__: w }],
])('%j cannot be written', given =>
  expect(() => writeSafetensors(given as never)).toThrow(expect.objectContaining({ name: 'OptionError' })),
);
