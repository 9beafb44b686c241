/** The example in examples/search is a search that could begin. */
import { fileURLToPath } from 'node:url';
import { kFold, rowsIn } from '@keepprob/search';
import { expect, test } from 'vitest';
import { openBackend } from '../../src/run/backend.ts';
import { readConfig } from '../../src/search/readConfig.ts';
import { rehearse } from '../../src/search/rehearse.ts';
import { searchRows } from '../../src/search/rows.ts';

const example = fileURLToPath(new URL('../../../../examples/search/digits.json', import.meta.url));

test('digits, with one keepProb for two layers', async () => {
  const searched = await readConfig(example);
  expect(searched.space.dimensions.map(({ name }) => name)).toEqual(['keepProb', 'plugins[0].strength']);
  const rows = await searchRows(example, searched.samples[0]);
  const { count, classes } = await rowsIn(rows.data);
  expect(count).toBe(500);
  expect(kFold({ stratify: true }).split({ count, ...(classes && { classes }) }, 7).length).toBe(5);
  await openBackend('cpu', 1);
  await rehearse(searched, rows, 'valAccuracy');
});
