import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine } from '../../src/predict/csvLine.ts';
import { csvRows } from '../../src/table/csv.ts';

test.each([
  ['=1+1', "'=1+1"],
  ['+cmd', "'+cmd"],
  ['-2+3', "'-2+3"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['-3.5', '-3.5'],
  ['+1e5', '+1e5'],
  ['a=b', 'a=b'],
  ['', ''],
  ['＝1', "'＝1"],
])('%j is written as %j', (text, written) => expect(csvLine([text])).toBe(`${written}\n`));

test('any fields are read as they were, but for an apostrophe before what would be a formula', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '=', '-', '1', ' '), maxLength: 8 });
  fc.assert(
    fc.property(fc.array(text, { minLength: 2, maxLength: 4 }), values => {
      const [row] = csvRows('t.csv', csvLine(values));
      const plain = row?.fields.map((field, i) => (field === `'${values[i]}` ? values[i] : field));
      expect(plain).toEqual(values);
      for (const field of row?.fields ?? []) expect(/^[=+@\t\r]/.test(field)).toBe(false);
    }),
  );
});
