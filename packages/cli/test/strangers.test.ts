/** Files that others wrote: whatever is in them, they are read or refused by name, at a cost of their own length, and nothing outside is touched. */
import { constants } from 'node:buffer';
import { mkdir, symlink } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { DataError } from '@keepprob/core';
import { bytesOf } from '@keepprob/trainer/node';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { arrayIn, textOf } from '../src/data/files.ts';
import { oneHot } from '../src/data/labels.ts';
import { npyHeader } from '../src/data/npyHeader.ts';
import { logOf } from '../src/doctor/logOf.ts';
import { numbers } from '../src/table/columns.ts';
import { csvRows, tableOf } from '../src/table/csv.ts';
import { newProject, type Project } from './support/program.ts';

let project: Project;
beforeAll(async () => {
  await tf.setBackend('cpu');
  project = await newProject();
});
afterAll(() => project.remove());

/** What came of reading: the error is one that names the file, or there is none. */
async function outcome(read: () => unknown): Promise<'read' | 'refused'> {
  try {
    await read();
    return 'read';
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message.length).toBeLessThan(2000);
    return 'refused';
  }
}
const refused = async (read: () => unknown): Promise<void> => expect(await outcome(read)).toBe('refused');

/** Bytes and texts that look like what is read, up to some point. */
const near = (text: string): fc.Arbitrary<string> =>
  fc
    .tuple(fc.nat(text.length), fc.nat(text.length), fc.string({ unit: 'binary', maxLength: 20 }))
    .map(([from, to, other]) => text.slice(0, from) + other + text.slice(to));

describe('any bytes', () => {
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }\n";
  const npy = (text: string, body: Uint8Array, version = 1): Buffer => {
    const long = version > 1;
    const size = Buffer.alloc(long ? 4 : 2);
    if (long) size.writeUInt32LE(text.length);
    else size.writeUInt16LE(Math.min(text.length, 65_535));
    return Buffer.concat([Buffer.from(`\x93NUMPY`, 'latin1'), Buffer.of(version, 0), size, Buffer.from(text), body]);
  };
  const any = (content: Uint8Array) => async () => arrayIn(await project.write('any', content));

  test('are an array or are refused', async () => {
    const wrong = near(header).map(text => npy(text, Buffer.alloc(16)));
    const idx = fc
      .tuple(fc.nat(20), fc.nat(255), fc.uint8Array())
      .map(([type, axes, rest]) => Buffer.of(0, 0, type, axes, ...rest));
    const zipped = fc.uint8Array().map(rest => Buffer.of(0x1f, 0x8b, ...rest));
    const bytes = fc.oneof(fc.uint8Array(), wrong, idx, zipped);
    await fc.assert(fc.asyncProperty(bytes, async content => void (await outcome(any(content)))));
  });

  test.each(['constructor', '__proto__', 'toString', 'valueOf', 'hasOwnProperty', '<c8', ''])(
    'a type %j is refused',
    type => refused(any(npy(header.replace('<f4', type), Buffer.alloc(16)))),
  );

  test.each<[string, Buffer]>([
    ['a header longer than any', npy(header.padEnd(20_000), Buffer.alloc(16), 2)],
    ['more numbers than there are', npy(header.replace('(2, 2)', '(4000000000, 4000000000)'), Buffer.alloc(16))],
    ['rows without numbers', npy(header.replace('(2, 2)', '(1000000000, 0)'), Buffer.alloc(0))],
    ['IDX with more numbers than there are', Buffer.of(0, 0, 8, 3, ...Array(12).fill(255), 1, 2, 3)],
  ])('%s', (_, content) => refused(any(content)));

  test('a header of NumPy is read in any order, as Python 2 wrote it too; every other text is none', () => {
    expect(npyHeader(header)).toEqual({ descr: '<f4', fortran: false, shape: [2, 2] });
    expect(npyHeader("{'shape': (3L,), 'fortran_order': True, 'descr': '|u1'}")).toEqual({
      descr: '|u1',
      fortran: true,
      shape: [3],
    });
    expect(npyHeader("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3,), }")).toBeUndefined();
    for (const part of ["'shape':(", "'descr': '", '{', ' ', '(1,', "'descr': '<f4'"])
      expect(npyHeader(`{${part.repeat(10_000 / part.length)}}`)).toBeUndefined();
    fc.assert(fc.property(near(header), text => void npyHeader(text)));
  });
});

describe('a bound', () => {
  test('is kept before a file is read, and while it is unpacked', async () => {
    const zipped = await project.write('zeros.gz', gzipSync(Buffer.alloc(1e6)));
    expect((await bytesOf(zipped, 1e6)).length).toBe(1e6);
    await expect(bytesOf(zipped, 1e6 - 1)).rejects.toThrow(
      'at most 999999 bytes. Received: more, once it is unpacked.',
    );
    await expect(bytesOf(await project.write('zeros', Buffer.alloc(100)), 99)).rejects.toThrow(
      'at most 99 bytes. Received: 100.',
    );
  });

  test('of texts is what a string holds', async () => {
    // members of gzip are unpacked one after the other
    const part = gzipSync(Buffer.alloc(2 ** 24, '1'));
    const parts = Array.from({ length: Math.ceil(constants.MAX_STRING_LENGTH / 2 ** 24) + 1 }, () => part);
    await refused(async () => textOf(await project.write('bomb.csv.gz', Buffer.concat(parts))));
  });

  test('of numbers holds for whatever a file, or a config, asks for', () => {
    const labels = { data: new Float32Array(1000), shape: [1000] };
    expect(() => oneHot('y', labels, 1e9)).toThrow(
      'y: expected at most 536870912 numbers in one array. Received: 1000000000000.',
    );
  });

  test('no more of a row is taken apart than a row may have', () => {
    const long = 2 ** 25;
    for (const row of [
      ','.repeat(long + 1),
      '1'.repeat(long + 1),
      `"${'""'.repeat(long / 2)}"`,
      `"${'\n'.repeat(long)}"`,
    ])
      expect(() => [...csvRows('t.csv', `a\n${row}`)]).toThrow(
        `t.csv, line 2: expected at most ${long} characters in a row.`,
      );
  });

  test.skipIf(process.platform === 'win32')('devices and folders are no files', async () => {
    await mkdir(`${project.folder}/folder`);
    await symlink('/dev/zero', `${project.folder}/endless`);
    await expect(bytesOf(`${project.folder}/folder`)).rejects.toThrow('folder: expected a file. Received: a folder.');
    await expect(bytesOf(`${project.folder}/endless`)).rejects.toThrow(
      'endless: expected a file. Received: no regular file.',
    );
  });
});

describe('any table', () => {
  const cells = fc.string({
    unit: fc.constantFrom('a', '1', '.', 'e', '-', ' ', ',', ';', '"', '\n', '\r', '\0', 'é', '😀'),
  });

  test('is read or refused, in every part of the reading', async () => {
    await fc.assert(
      fc.asyncProperty(cells, fc.constantFrom(',', ';', '😀'), async (text, separator) => {
        await outcome(() => {
          const table = tableOf('t.csv', text, separator);
          for (const { fields } of table.rows()) expect(fields.length).toBe(table.header.length);
          numbers(table, table.header);
        });
        await outcome(async () => logOf(await project.write('any.csv', text)));
      }),
    );
  });

  test('costs work in proportion to its length: no part is searched twice', () => {
    const rows = ['1,2\n', '"1",2\n', '"a""b","c\nd"\r\n', '\n', ',,,,\r'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...rows), { maxLength: 50 }), fc.nat(60), (parts, copies) => {
        const text = parts.join('').repeat(copies);
        let searched = 0;
        const indexOf = String.prototype.indexOf;
        const spy = vi.spyOn(String.prototype, 'indexOf').mockImplementation(function (this: string, mark, from = 0) {
          const found = indexOf.call(this, mark, from);
          searched += (found < 0 ? this.length : found) - from + 1;
          return found;
        });
        try {
          for (const _ of csvRows('t.csv', text));
        } finally {
          spy.mockRestore();
        }
        expect(searched).toBeLessThanOrEqual(12 * (text.length + 1));
      }),
    );
  });

  test.each<[string, string]>([
    ['digits', `${'1'.repeat(2e6)}x`],
    ['digits behind a point', `1.${'1'.repeat(2e6)}x`],
    ['spaces', `${' '.repeat(2e6)}x`],
    ['digits and spaces', `1${' '.repeat(2e6)}x`],
    ['an exponent', `1e${'1'.repeat(2e6)}x`],
  ])('two million %s are refused after one look at each', (_, field) =>
    // a second look at each for each would be four million million steps
    expect(() => numbers(tableOf('t.csv', `a\n${field}`), ['a'])).toThrow('column "a": expected a number'),
  );

  test('of many columns is read column by column, not column times column', () => {
    const names = Array.from({ length: 300_000 }, (_, i) => `c${i}`);
    const table = tableOf('t.csv', `${names.join()}\n${'1,'.repeat(names.length - 1)}1`);
    expect(numbers(table, table.header).shape).toEqual([1, names.length]);
    expect(() => numbers(table, ['c'])).toThrow('expected a column "c". Received: c0, c1, c2,');
    expect(() => tableOf('t.csv', `${names.join()},c7\n1`)).toThrow('"c7" twice');
  });

  test('its words do nothing to a terminal', () => {
    const clear = '\u001B[2J';
    const table = tableOf('t.csv', `a${clear}b\n${clear}`);
    for (const read of [() => numbers(table, ['c']), () => numbers(table, table.header)])
      expect(read).toThrow(expect.objectContaining({ message: expect.not.stringContaining('\u001B') }));
  });
});

describe('the log of a run', () => {
  const read = async (text: string) => logOf(await project.write('log.csv', text));

  test('has whatever a measure may be', async () => {
    const log = await read('epoch,step,loss,cost\n0,5,0.5,1e-7\n1,10,Infinity,1e+21\n2,15,NaN,-Infinity\n');
    expect(log).toEqual({
      history: { loss: [0.5, Infinity, Number.NaN], cost: [1e-7, 1e21, -Infinity] },
      epochs: 3,
      steps: 15,
    });
  });
  test('tells nothing of a run that ended in its first epoch', async () => {
    expect(await read('')).toBeNull();
    expect(await read('epoch,step,loss\n')).toBeNull();
  });
  test('leaves out an epoch that was cut off and a measure that no epoch has; one that some epochs have is NaN elsewhere', async () => {
    expect(await read('epoch,step,loss,valLoss,valCost\n0,5,1,,\n1,10,0.5,2,\n2,1')).toEqual({
      history: { loss: [1, 0.5], valLoss: [Number.NaN, 2] },
      epochs: 2,
      steps: 10,
    });
  });
  test.each(['a,b\n1,2\n', 'epoch,step,loss\n0,5,much\n', 'epoch,step\nx,5\n', '{"type":"begin"}'])(
    '%j is none',
    async text => refused(() => read(text)),
  );
});
