import { expect, test } from 'vitest';
import { short, table, withError } from '../../src/finding/terminal.ts';

test('numbers in words', () => {
  expect([0, 1234.5, 0.034567, 1.25e-5, -0.5, 7.3e8, Number.NaN].map(short)).toEqual([
    '0',
    '1230',
    '0.0346',
    '1.25e-5',
    '−0.5',
    '7.3e8',
    'NaN',
  ]);
  expect(withError(0.034567, 0.00123)).toBe('0.0346 ± 0.0012');
  expect(withError(-12.34, 2.5)).toBe('−12.3 ± 2.5');
  expect(withError(5, 0)).toBe('5');
  expect(
    table([
      ['a', 'bb'],
      ['ccc', 'd'],
    ]),
  ).toBe('a    bb\nccc   d');
});
