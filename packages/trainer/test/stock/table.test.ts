/** Every row of docs/stock.md holds of TensorFlow.js itself, and every row is proved. What fails here is mended in TF.js: the row can go. */
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rows } from './rows.ts';

beforeEach(async () => {
  await tf.setBackend('cpu');
  tf.engine().startScope();
});
afterEach(() => {
  tf.engine().endScope();
  tf.disposeVariables();
});

const page = readFileSync(new URL('../../../../docs/stock.md', import.meta.url), 'utf8');
const named = [...page.matchAll(/^\| ([^|]+?) \|/gm)].map(([, name]) => name);

test('each row of the table has a test here, and each test a row', () => {
  expect(Object.keys(rows).toSorted()).toEqual(named.toSorted());
});

test.each(Object.entries(rows))('%s', (_, proof) => proof());
