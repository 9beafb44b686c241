/** Lines of files of any size: what is whole, where it ends, and what was cut. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine } from '../../src/listeners/csv.ts';
import { jsonLines } from '../../src/listeners/jsonLines.ts';
import { type Line, linesOf, type Quoting } from '../../src/listeners/lines.ts';

/** The lines of a text that is read so many bytes at once. */
const linesIn = (text: string, quoting: Quoting, most = Infinity): Line[] => {
  const bytes = Buffer.from(text);
  return [...linesOf((block, at) => bytes.copy(block, 0, at, at + Math.min(most, block.length)), quoting)];
};

test('every byte is in one line, in order; all but the last are ended by a line break, however it is read', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\n', '"', '\r', ',') });
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 5 }), (text, most) => {
      const lines = linesIn(text, 'none', most);
      expect(lines.map(line => line.end)).toEqual(
        lines.map((_, i) =>
          Buffer.byteLength(
            lines
              .slice(0, i + 1)
              .map(line => line.text)
              .join(''),
          ),
        ),
      );
      expect(lines.filter(line => line.isWhole).map(line => line.text)).toEqual(text.match(/[^\n]*\n/g) ?? []);
      expect(lines.filter(line => !line.isWhole).map(line => line.text)).toEqual(text.match(/[^\n]+$/g) ?? []);
    }),
  );
});

test('in CSV a record is a line, whatever its fields hold', () => {
  const field = fc.string({ unit: fc.constantFrom('a', '"', '\n', ',', 'é') });
  fc.assert(
    fc.property(fc.array(fc.array(field, { minLength: 1 })), fc.integer({ min: 1, max: 5 }), (records, most) => {
      const written = records.map(csvLine);
      expect(linesIn(written.join(''), 'csv', most).map(line => line.text)).toEqual(written);
    }),
  );
});

const event = (type: 'begin' | 'step', step: number) => ({ type, epoch: 0, epochs: 9, step, logs: { cost: 0.5 } });

test('a file of one endless line is cut, and no memory is asked for all of it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'keepprob-lines-'));
  try {
    const path = join(directory, 'log.jsonl');
    writeFileSync(path, Buffer.alloc(80 * 2 ** 20, 'x'));
    const listener = jsonLines(path);
    await listener(event('begin', 7));
    await listener.close?.();
    expect(readFileSync(path, 'utf8')).toMatch(/^\{"type":"begin".*\n$/);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
