import { expect, test } from 'vitest';
import { heatMap, pool } from '../../src/finding/heatMap.ts';

test('a heat map is pooled to means over blocks, and nothing is lost', () => {
  const cells = pool({ values: [1, 3, 5, 7, 2, 4, 6, 8], shape: [2, 4] }, [1, 2]);
  expect(cells.map(c => c.value)).toEqual([2.5, 6.5]);
  expect(cells.map(c => [c.x1, c.x2, c.y1, c.y2])).toEqual([
    [0, 2, 0, 2],
    [2, 4, 0, 2],
  ]);
});

test('a block has the mean of the numbers in it, and none where there are none', () => {
  const values = [1, Number.NaN, Number.NaN, 3, Number.NaN, Number.NaN];
  expect(pool({ values, shape: [2, 3] }, [1, 3]).map(({ x1, value }) => [x1, value])).toEqual([[0, 2]]);
  const { title } = heatMap({ values, shape: [2, 3] }, { title: 'Loss', x: 'trial', y: 'fold' });
  expect(title).toBe('Loss: from 1 (light) to 3 (dark)');
});
