import { grid } from '@keepprob/search';
import { expect, test } from 'vitest';
import { placed } from '../src/placed.ts';
import { targets, trialsTo } from '../src/search/reach.ts';
import type { Table } from '../src/search/tables.ts';

const table: Table = {
  about: 'five points in order',
  space: { keep: { space: 'float', low: 0.2, high: 1, step: 0.2 } },
  rows: [
    // always a little worse than the best
    { point: { keep: 0.2 }, losses: [1.1, 2.1, 3.1] },
    { point: { keep: 0.4 }, losses: [3, 4, 5] },
    // worse by .1 ± .1
    { point: { keep: 0.6 }, losses: [1, 2.3, 3] },
    { point: { keep: 0.8 }, losses: [1, 2, 3] },
    { point: { keep: 1 }, losses: [4, 4, 4] },
  ],
};

test('within reach is what is worse by no more than the standard error of the paired difference', () => {
  expect([...targets(table)]).toEqual(['0.600000', '0.800000']);
});

test('trials are counted up to the first within reach', () => {
  expect(trialsTo(grid({ per: 5 }), table, targets(table), 1)).toBe(3);
  expect(trialsTo(grid({ per: 5 }), table, new Set(['0.200000']), 1)).toBe(1);
  expect(() => trialsTo(grid({ per: 5 }), table, new Set(), 1)).toThrow(/grid looked at 5 points/);
});

test('what was measured replaces what stood in its place', () => {
  const page = 'a\n<!-- measured:mnist -->\nold\n<!-- /measured:mnist -->\nb';
  expect(placed('docs/search.md', page, 'mnist', 'new')).toBe(
    'a\n<!-- measured:mnist -->\nnew\n<!-- /measured:mnist -->\nb',
  );
  expect(() => placed('docs/search.md', page, 'lecture', 'new')).toThrow(/no place for lecture/);
});
