/** Real units: a small net, on the rows of the problem. */
import type { Job, Task } from '../../src/contract.ts';
import { readTable } from '../../src/data/table.ts';
import { kFold } from '../../src/splits/kFold.ts';
import { rows } from './problem.ts';

export const module = (name: string): URL => new URL(`../programs/${name}.mjs`, import.meta.url);

export async function taskOf(trial: Task['trial'], more: Partial<Task> = {}): Promise<Task> {
  const table = await readTable(rows(), 'search');
  const splits = kFold({ k: 3 }).split({ count: table.count }, 7);
  return { trial, table, splits, metric: 'valLoss', scale: null, folder: null, ...more };
}

export const jobOf = (values: object, fold = 0, seed = 7): Job => ({
  unit: { trial: 0, fold, seed },
  values: values as Job['values'],
});

export const during = (abort = new AbortController()) => ({ signal: abort.signal });
