/** The search's end of the queue, whatever the database says, and however often. */
import { afterEach, expect, test } from 'vitest';
import type { Pool, UnitResult } from '../../src/contract.ts';
import { TrialError } from '../../src/errors.ts';
import { coordinate } from '../../src/queue/coordinate.ts';
import { type MemoryDatabase, memoryDatabase, over } from '../support/memoryDatabase.ts';
import { during, jobOf } from '../support/tasks.ts';

const stored = { sha256: '', length: 0 };
const task = { code: stored, search: '', table: stored, splits: stored, metric: 'valLoss', scale: null };
const open: Pool[] = [];
afterEach(() => Promise.all(open.splice(0).map(pool => pool.close())));

let puts = 0;
async function pool(database: MemoryDatabase, isKnown = false): Promise<Pool> {
  const put = async () => {
    puts++;
    return task;
  };
  const study = { id: 'study', isKnown, task, put };
  const made = await coordinate(database, study, { workers: 4, lock: 60_000, warn: () => undefined });
  open.push(made);
  return made;
}

const result = (value: number): UnitResult => ({
  ...{ trial: 0, fold: 0, seed: 7, value, train: null, epochs: 2, curve: [2, value], seconds: 1, backend: 'cpu' },
});
const done = (value: number) => ({ type: 'done', result: JSON.stringify(result(value)) }) as const;

/** The one job that was added, once it is. */
async function added({ jobs }: MemoryDatabase): Promise<string> {
  for (;;) {
    const [id] = jobs.keys();
    if (id !== undefined) return id;
    await new Promise(resolve => setImmediate(resolve));
  }
}

test('a unit that is delivered twice counts once: what is heard first, whatever comes after it', async () => {
  const database = memoryDatabase();
  const { told } = database;
  const epochs: number[] = [];
  const run = (await pool(database)).run(jobOf({}), { ...during(), onEpoch: (...at) => void epochs.push(...at) });
  const jobId = await added(database);
  told.emit('completed', { jobId: 'of another search', returnvalue: done(9) });
  told.emit('progress', { jobId, data: [[1, 2]] });
  told.emit('progress', { jobId, data: [[1, 2]] });
  told.emit('completed', { jobId, returnvalue: done(0.5) });
  told.emit('completed', { jobId, returnvalue: done(0.7) });
  told.emit('failed', { jobId });
  await expect(run).resolves.toEqual(result(0.5));
  told.emit('completed', { jobId, returnvalue: done(0.9) });
  told.emit('progress', { jobId, data: [[3, 9]] });
  expect(epochs).toEqual([1, 2, 2, 0.5]);
  expect(database.jobs.size).toBe(1);
});

test('two searches that ask for one unit get one: it is in the queue once, and both hear of it', async () => {
  const database = memoryDatabase();
  const [one, other] = [await pool(database), await pool(database)];
  const runs = [one.run(jobOf({}), during()), other.run(jobOf({}), during())];
  const jobId = await added(database);
  await new Promise(resolve => setImmediate(resolve));
  expect(database.jobs.size).toBe(1);
  database.told.emit('completed', { jobId, returnvalue: done(0.5) });
  await expect(Promise.all(runs)).resolves.toEqual([result(0.5), result(0.5)]);
});

test('what was finished while the search was away is found, and not asked for again', async () => {
  const database = memoryDatabase();
  const run = (await pool(database)).run(jobOf({}), during());
  const jobId = await added(database);
  database.told.emit('completed', { jobId, returnvalue: done(0.5) });
  await run;
  const job = database.jobs.get(jobId);
  if (!job) return expect.unreachable();
  database.jobs.set(jobId, over(job, done(0.5)));
  await expect((await pool(database, true)).run(jobOf({}), during())).resolves.toEqual(result(0.5));
});

test('a unit whose workers are lost is asked for again, with its data, and fails its trial at the third time', async () => {
  const database = memoryDatabase();
  puts = 0;
  const run = (await pool(database)).run(jobOf({}), during()).catch(error => error);
  for (let life = 0; life < 3; life++) {
    const jobId = await added(database);
    database.jobs.clear();
    database.told.emit('failed', { jobId });
    await new Promise(resolve => setImmediate(resolve));
  }
  const error = await run;
  expect(error).toBeInstanceOf(TrialError);
  expect(error.message).toMatch(/were lost 3 times/);
  expect(puts).toBe(2);
});
