import { gzipSync } from 'node:zlib';
import { scaled } from '@keepprob/trainer/table';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DataSpec } from '../src/config/config.ts';
import { arrayIn } from '../src/data/files.ts';
import { oneHot } from '../src/data/labels.ts';
import { loadData } from '../src/data/load.ts';
import { scalingOf } from '../src/data/scale.ts';
import { splitRows } from '../src/data/split.ts';
import { csvRows, tableOf } from '../src/table/csv.ts';
import { newProject, type Project } from './support/program.ts';

let project: Project;
beforeAll(async () => {
  project = await newProject();
});
afterAll(() => project.remove());

const fields = (text: string, separator?: string) => [...csvRows('t.csv', text, separator)].map(row => row.fields);
const floats = (...data: number[]) => ({ data: Float32Array.from(data), shape: [data.length] });

describe('CSV', () => {
  test('any fields, written as RFC 4180 says, are read as they were', () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', ' ', ',', ';', '"', '\n', '\r', '1', 'é', ']', '^', '-', '\\'),
    });
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 });
    const ends = fc.constantFrom('\n', '\r\n', '\r');
    fc.assert(
      fc.property(
        rows,
        ends,
        fc.constantFrom(',', ';', '\t', '^', ']', '-', '\\', '|'),
        fc.boolean(),
        (table, end, separator, last) => {
          const quoted = (field: string) => `"${field.replaceAll('"', '""')}"`;
          const plain = (field: string) => (/["\r\n]/.test(field) || field.includes(separator) ? quoted(field) : field);
          const text = table.map(row => row.map(plain).join(separator)).join(end) + (last ? end : '');
          expect(fields(text, separator)).toEqual(table);
        },
      ),
    );
  });

  test('rows know their line; empty lines are none; a byte order mark is no part of a name', () => {
    expect([...csvRows('t.csv', '\uFEFFa,b\n\n"x\ny",2\r\n3,4')]).toEqual([
      { line: 1, fields: ['a', 'b'] },
      { line: 3, fields: ['x\ny', '2'] },
      { line: 5, fields: ['3', '4'] },
    ]);
  });

  test.each<[string, string, string]>([
    ['a quote within a field', 'a,b\n1,2"3', 't.csv, line 2: expected quotes around whole fields'],
    ['a quote that is not closed', 'a\n"1', 't.csv, line 2: expected quotes around whole fields'],
    ['a row that is short', 'a,b\n1,2\n3', 't.csv, line 3: expected 2 fields, as the header has. Received: 1.'],
    ['a name twice', 'a,a\n1,2', 't.csv, line 1: expected a name for each column, each one once. Received: "a" twice.'],
    ['a column without a name', 'a,\n1,2', 'Received: a column without a name.'],
    ['a header alone', 'a,b\n', 't.csv: expected rows under the header. Received: none.'],
    ['nothing', '', 'Received: an empty file.'],
  ])('%s is refused', (_, text, message) => expect(() => tableOf('t.csv', text)).toThrow(message));
});

/** As `numpy.save` writes it, from the description of the format in numpy.lib.format. */
function npy(descr: string, shape: string, numbers: Uint8Array, fortran = 'False'): Buffer {
  const dict = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;
  const header = `${dict.padEnd(64 * Math.ceil((dict.length + 11) / 64) - 11)}\n`;
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    Buffer.from(Uint16Array.of(header.length).buffer),
    Buffer.from(header),
    numbers,
  ]);
}
const bytes = (array: ArrayBufferView) => new Uint8Array(array.buffer);
/** As LeCun's page describes it: 0, 0, type, axes, their sizes and the numbers big-endian. */
const idx = (type: number, sizes: number[], numbers: number[]): Buffer =>
  Buffer.from([0, 0, type, sizes.length, ...sizes.flatMap(size => [0, 0, size >> 8, size & 255]), ...numbers]);

describe('arrays', () => {
  const read = async (content: Uint8Array) => arrayIn(await project.write('array', content));

  test.each<[string, Uint8Array, number[], number[]]>([
    ['<f4', npy('<f4', '(2, 2)', bytes(Float32Array.of(1.5, -2, 3, 4))), [2, 2], [1.5, -2, 3, 4]],
    ['<f8', npy('<f8', '(3,)', bytes(Float64Array.of(1, 2, 0.5))), [3], [1, 2, 0.5]],
    ['<i8', npy('<i8', '(2, 1)', bytes(BigInt64Array.of(-1n, 7n))), [2, 1], [-1, 7]],
    ['|u1, gzipped', gzipSync(npy('|u1', '(2,)', Uint8Array.of(0, 255))), [2], [0, 255]],
    ['|b1', npy('|b1', '(2,)', Uint8Array.of(0, 1)), [2], [0, 1]],
    ['IDX of bytes', idx(8, [2, 1, 2], [1, 2, 3, 254]), [2, 1, 2], [1, 2, 3, 254]],
    ['IDX of floats, gzipped', gzipSync(idx(13, [1], [0x3f, 0xc0, 0, 0])), [1], [1.5]],
    ['IDX of 16 bits', idx(11, [2], [0xff, 0xfe, 1, 0]), [2], [-2, 256]],
  ])('%s', async (_, content, shape, numbers) => {
    const array = await read(content);
    expect(array.shape).toEqual(shape);
    expect([...array.data]).toEqual(numbers);
  });

  test.each<[string, Uint8Array, string]>([
    [
      'column-major order',
      npy('<f4', '(1,)', bytes(Float32Array.of(1)), 'True'),
      'expected an array in C order: np.save(path',
    ],
    ['big-endian numbers', npy('>f4', '(1,)', Uint8Array.of(0, 0, 0, 0)), 'Received: ">f4".'],
    ['half precision', npy('<f2', '(1,)', Uint8Array.of(0, 0)), 'np.save(path, x.astype("float32"))'],
    [
      'numbers cut off',
      npy('<f4', '(3,)', bytes(Float32Array.of(1))),
      'expected 12 bytes of numbers for shape [3]. Received: 4.',
    ],
    ['IDX cut off', idx(8, [3], [1]), 'expected 3 bytes of numbers for shape [3]. Received: 1.'],
    ['no rows', idx(8, [0], []), 'expected an array with rows. Received: shape [0].'],
    [
      'a text',
      Buffer.from('1,2,3'),
      'expected an array in .npy or IDX, gzipped or not. Received: another kind of file.',
    ],
  ])('with %s are refused', async (_, content, message) => expect(read(content)).rejects.toThrow(message));
});

describe('what is done to data', () => {
  test('a split puts every row on one side, the same ones for a seed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 300 }),
        fc.double({ min: 0.2, max: 0.8, noNaN: true }),
        fc.nat(),
        (rows, fraction, seed) => {
          const { train, validation } = splitRows(rows, fraction, seed);
          expect(validation.length).toBe(Math.round(fraction * rows));
          expect([...train, ...validation].sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, i) => i));
          expect(splitRows(rows, fraction, seed)).toEqual({ train, validation });
        },
      ),
    );
    expect(splitRows(100, 0.5, 1)).not.toEqual(splitRows(100, 0.5, 2));
    expect(() => splitRows(3, 0.1, 0)).toThrow(
      'data.validation: expected a share that leaves rows on both sides. Received: 0 of 3',
    );
  });

  test('with classes the share is that of each, one row on each side at least; a class of a single row is trained on', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(3), { minLength: 8, maxLength: 120 }),
        fc.double({ min: 0.1, max: 0.9, noNaN: true }),
        fc.nat(),
        (classes, fraction, seed) => {
          fc.pre(new Set(classes).size < classes.length);
          const { train, validation } = splitRows(classes.length, fraction, seed, classes);
          expect([...train, ...validation].sort((a, b) => a - b)).toEqual([...classes.keys()]);
          for (const name of new Set(classes)) {
            const count = (rows: Int32Array) => [...rows].filter(row => classes[row] === name).length;
            const n = classes.filter(other => other === name).length;
            expect(count(validation)).toBe(n === 1 ? 0 : Math.min(n - 1, Math.max(1, Math.round(fraction * n))));
            expect(count(train)).toBeGreaterThan(0);
          }
        },
      ),
    );
  });

  test('standardize: mean 0 and variance 1 by column, constant columns 0; unit: from 0 to 1', () => {
    const x = { data: Float32Array.of(1, 10, 7, 2, 30, 7, 6, 20, 7), shape: [3, 3] };
    const standard = scaled(x, scalingOf('standardize', x));
    for (const column of [0, 1, 2]) {
      const values = [0, 1, 2].map(row => standard.data[3 * row + column]!);
      expect(values.reduce((a, b) => a + b) / 3).toBeCloseTo(0, 6);
      expect(values.reduce((sum, v) => sum + v * v, 0) / 3).toBeCloseTo(column === 2 ? 0 : 1, 6);
    }
    expect([...scaled(x, scalingOf('unit', x)).data]).toEqual([0, 0, 0, Math.fround(0.2), 1, 0, 1, 0.5, 0]);
    expect([...scaled(x, scalingOf({ divideBy: 2 }, x)).data.slice(0, 3)]).toEqual([0.5, 5, 3.5]);
  });

  test('one-hot labels; others than 0 … K − 1 are refused', () => {
    expect([...oneHot('y', floats(2, 0), 3).data]).toEqual([0, 0, 1, 1, 0, 0]);
    for (const label of [3, -1, 0.5])
      expect(() => oneHot('y', floats(0, label), 3)).toThrow('y, row 1: expected a label among the integers 0 … 2');
    expect(() => oneHot('y', { data: Float32Array.of(1, 2), shape: [1, 2] }, 3)).toThrow('one label for each row');
  });
});

describe('data of a config', () => {
  const load = (spec: DataSpec) => loadData('c.json', spec, name => `${project.folder}/${name}`);
  beforeAll(async () => {
    await project.write('t.csv', 'b,y,a\n1,u,2\n3,v,4\n5,u,6\n7,v,8');
    await project.write('validation.csv', 'a;y;b;more\n20;v;10;x'.replaceAll(';', ','));
    await project.write('x.npy', npy('|u1', '(2, 4)', Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)));
    await project.write('y.idx', idx(8, [2], [1, 0]));
    await project.write('hole.csv', 'a,y\n1,0\n,1');
  });
  const table = { train: { csv: 't.csv' }, label: 'y', classes: ['u', 'v'] } as const;

  test('columns by name, in the order of the training table; the validation table is scaled as the training rows', async () => {
    const { train, validation, preprocessing } = await load({
      ...table,
      validation: { csv: 'validation.csv' },
      scale: 'unit',
    });
    expect([...train.x.data]).toEqual([0, 0, 1 / 3, 1 / 3, 2 / 3, 2 / 3, 1, 1].map(Math.fround));
    expect([...validation!.x.data]).toEqual([1.5, 3]);
    expect([...validation!.y.data]).toEqual([0, 1]);
    expect(preprocessing).toEqual({
      columns: ['b', 'a'],
      label: 'y',
      classes: ['u', 'v'],
      scaling: { offset: [1, 2], divisor: [6, 6] },
      shape: [2],
    });
  });

  test('a share is scaled by the rest', async () => {
    const { train, validation } = await load({ ...table, validation: { fraction: 0.5, seed: 3 }, scale: 'unit' });
    expect([train.x.shape, validation!.x.shape]).toEqual([
      [2, 2],
      [2, 2],
    ]);
    expect([Math.min(...train.x.data), Math.max(...train.x.data)]).toEqual([0, 1]);
  });

  test('chosen columns in their order; several labels; arrays in another shape', async () => {
    const chosen = await load({ train: { csv: 't.csv' }, label: ['a', 'b'], columns: ['b'] });
    expect([chosen.train.x.shape, [...chosen.train.y.data]]).toEqual([
      [4, 1],
      [2, 1, 4, 3, 6, 5, 8, 7],
    ]);
    const arrays = await load({ train: { x: 'x.npy', y: 'y.idx' }, classes: 2, shape: [2, 2, 1] });
    expect(arrays.train.x.shape).toEqual([2, 2, 2, 1]);
    expect([...arrays.train.y.data]).toEqual([0, 1, 1, 0]);
  });

  test.each<[string, DataSpec, string]>([
    [
      'a table without label',
      { train: { csv: 't.csv' } },
      'c.json: invalid value for option `data.label`. Expected the column to predict.',
    ],
    [
      'a label of arrays',
      { train: { x: 'x.npy', y: 'y.idx' }, label: 'y' },
      'option `data.label`. Expected nothing, as it is for tables',
    ],
    [
      'arrays beside a table',
      { ...table, validation: { x: 'x.npy', y: 'y.idx' } },
      'option `data.validation`. Expected a table, as train is',
    ],
    ['a label that is not there', { ...table, label: 'z' }, 't.csv: expected a column "z". Received: b, y, a.'],
    [
      'a column nearly there',
      { ...table, columns: ['aa'] },
      'expected a column "aa". Received: b, y, a. Did you mean "a"?',
    ],
    [
      'a class that is not named',
      { ...table, classes: ['u', 'w'] },
      't.csv, line 3, column "y": expected one of the classes u, w. Received: "v"',
    ],
    [
      'words as numbers',
      { train: { csv: 't.csv' }, label: 'y' },
      'line 2, column "y": expected a number; name the values of labels as `data.classes`. Received: "u".',
    ],
    [
      'a hole',
      { train: { csv: 'hole.csv' }, label: 'y' },
      'hole.csv, line 3, column "a": expected a number; say what stands for missing ones: "impute": { "a": "median" }. Received: an empty field.',
    ],
    ['another number of rows', { train: { x: 'y.idx', y: 'x.npy' }, classes: 2 }, 'one label for each row'],
    [
      'another shape',
      { train: { x: 'x.npy', y: 'y.idx' }, shape: [3] },
      'expected rows of 3 numbers, as data.shape is [3]. Received: rows of shape [4].',
    ],
    ['a file that is not there', { ...table, train: { csv: 'no.csv' } }, 'no.csv: no such file.'],
  ])('%s is refused', async (_, spec, message) => expect(load(spec)).rejects.toThrow(message));
});
