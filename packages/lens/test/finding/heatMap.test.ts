import { expect, test } from 'vitest';
import { pool } from '../../src/finding/heatMap.ts';

test('a heat map is pooled to means over blocks, and nothing is lost', () => {
  const cells = pool({ values: [1, 3, 5, 7, 2, 4, 6, 8], shape: [2, 4] }, [1, 2]);
  expect(cells.map(c => c.value)).toEqual([2.5, 6.5]);
  expect(cells.map(c => [c.x1, c.x2, c.y1, c.y2])).toEqual([
    [0, 2, 0, 2],
    [2, 4, 0, 2],
  ]);
});
