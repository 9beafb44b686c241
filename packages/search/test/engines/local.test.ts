/** Processes run the built package, as they would for a user. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OptionError } from '@keepprob/core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Pool, Task } from '../../src/contract.ts';
import { inProcess } from '../../src/engines/inProcess.ts';
import { local } from '../../src/engines/local.ts';
import { SearchError, TrialError } from '../../src/errors.ts';
import { freshFolder } from '../support/folders.ts';
import { isAlive } from '../support/searches.ts';
import { during, jobOf, module, taskOf } from '../support/tasks.ts';

const allCases = process.env.CASES === 'all';

const open: Pool[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(pool => pool.close()));
});

async function poolOf(
  trial: Task['trial'],
  options: Parameters<typeof local>[0] = {},
  more: Partial<Task> = {},
): Promise<Pool> {
  const pool = await local({ workers: 1, ...options }).open(await taskOf(trial, more));
  open.push(pool);
  return pool;
}

const folder = (): string => {
  const made = freshFolder();
  mkdirSync(made, { recursive: true });
  return made;
};

/** A pool of one process, which tests that leave it as it was use one after another: a process takes a second to begin. */
let unruly: Pool;
beforeAll(async () => {
  unruly = await local({ workers: 1 }).open(await taskOf(module('unruly')));
});
afterAll(() => unruly.close());

const pidsIn = (where: string): number[] =>
  readdirSync(where).flatMap(name => Number(/^pid\.\d+\.(\d+)$/.exec(name)?.[1]) || []);

describe('processes of this machine', () => {
  test('compute what this process computes, to the bit, and tell of every epoch', async () => {
    const task = { scale: 'standardize' } as const;
    const pool = await poolOf(module('trial'), { workers: 2 }, task);
    const here = await inProcess().open(await taskOf(module('trial'), task));
    for (const fold of [0, 1]) {
      const epochs: number[] = [];
      const job = jobOf({ keep: 0.5 }, fold, 11);
      const there = await pool.run(job, { ...during(), onEpoch: (...at) => void epochs.push(...at) });
      const { seconds: _, ...expected } = await here.run(job, during());
      expect(there).toMatchObject(expected);
      expect(epochs).toEqual(expected.curve.flatMap((value, i) => [i + 1, value]));
    }
  });

  test('are as many as were asked for, and are used again', async () => {
    const where = folder();
    const pool = await poolOf(module('unruly'), { workers: 2 });
    expect(pool.size).toBe(2);
    const values = { does: '', tells: join(where, 'pid') };
    await Promise.all([0, 1].map(fold => pool.run(jobOf(values, fold), during())));
    for (const fold of [0, 1, 2]) await pool.run(jobOf(values, fold), during());
    expect(new Set(pidsIn(where)).size).toBe(2);
    await pool.close();
    expect(pidsIn(where).filter(isAlive)).toEqual([]);
  });

  test('one that dies is replaced, and its unit computed again', async () => {
    // `npm run test:long` also lets it exit
    for (const does of allCases ? ['kill', 'exit'] : ['kill']) {
      const result = await unruly.run(jobOf({ does, once: join(folder(), 'once') }, 2, 2 ** 30), during());
      expect(result).toMatchObject({ trial: 0, fold: 2, seed: 2 ** 30, value: 2.5 });
    }
  });

  test('one that is frozen (SIGSTOP) is replaced after its heartbeat', async () => {
    const where = folder();
    const pool = await poolOf(module('unruly'), { heartbeat: 5000 });
    const values = { does: 'freeze', once: join(where, 'once'), tells: join(where, 'pid') };
    await expect(pool.run(jobOf(values, 1, 2 ** 30), during())).resolves.toMatchObject({ value: 1.5 });
    const pids = pidsIn(where);
    expect(pids.length).toBe(2);
    expect(pids.filter(isAlive).length).toBe(1);
  });

  test('a unit that kills three of them is a failure of its trial', async () => {
    const killed = unruly.run(jobOf({ does: 'kill' }), during());
    await expect(killed).rejects.toThrow(TrialError);
    await expect(killed).rejects.toThrow('died 3 times');
    await expect(unruly.run(jobOf({ does: '' }), during())).resolves.toMatchObject({ fold: 0 });
  });

  test('a trial that fails leaves the process as it is', async () => {
    const where = folder();
    const failures = [
      ['throw', 'no such layer'],
      ['nan', 'valLoss is NaN'],
      ['text', 'a trial returns { model, options }'],
    ] as const;
    for (const [fold, [does, message]] of failures.entries()) {
      const failed = unruly.run(jobOf({ does, tells: join(where, 'pid') }, fold), during());
      await expect(failed).rejects.toThrow(TrialError);
      await expect(failed).rejects.toThrow(message);
    }
    await unruly.run(jobOf({ does: '', tells: join(where, 'pid') }), during());
    expect(new Set(pidsIn(where)).size).toBe(1);
  });

  test.each(allCases ? ['wait', 'ignore'] : ['ignore'])(
    'an abort ends a unit, whether it listens or not (%s)',
    async does => {
      const where = folder();
      const abort = new AbortController();
      const reason = new Error('enough');
      const values = { does, tells: join(where, 'pid') };
      const running = unruly.run(jobOf(values), during(abort));
      const watch = setInterval(() => pidsIn(where).length > 0 && abort.abort(reason), 10);
      await expect(running).rejects.toBe(reason);
      clearInterval(watch);
      await expect(unruly.run(jobOf({ does: '' }), during())).resolves.toMatchObject({ fold: 0 });
    },
  );
});

describe('refused', () => {
  test('a function: it cannot be sent', async () => {
    const opened = poolOf(() => 1);
    await expect(opened).rejects.toThrow(OptionError);
    await expect(opened).rejects.toThrow("new URL('./trial.js', import.meta.url)");
  });

  test.each([
    ['that is not there', 'missing', 'Cannot find module'],
    ['that exports no trial', 'nothing', 'default export is a function'],
  ])('a module %s', async (_, name, message) => {
    const pool = await poolOf(module(name));
    const run = pool.run(jobOf({}), during());
    await expect(run).rejects.toThrow(SearchError);
    await expect(run).rejects.toThrow(message);
  });

  test.each([{ workers: 0 }, { workers: 1.5 }, { heartbeat: 1 }, { threads: 2 }])('options %j', options => {
    expect(() => local(options)).toThrow(OptionError);
  });
});

describe('data in files', () => {
  test('are written once, under the SHA-256 of what is in them', async () => {
    const store = folder();
    const first = await poolOf(module('unruly'), {}, { folder: store });
    await poolOf(module('unruly'), {}, { folder: store });
    await first.run(jobOf({ does: '' }), during());
    expect(readdirSync(join(store, 'blobs')).sort()).toEqual([
      expect.stringMatching(/^[0-9a-f]{64}\.safetensors$/),
      expect.stringMatching(/^[0-9a-f]{64}\.safetensors$/),
    ]);
  });

  test('that were changed are refused', async () => {
    const store = folder();
    const pool = await poolOf(module('unruly'), {}, { folder: store });
    for (const name of readdirSync(join(store, 'blobs'))) writeFileSync(join(store, 'blobs', name), 'x');
    await expect(pool.run(jobOf({ does: '' }), during())).rejects.toThrow('SHA-256');
    rmSync(join(store, 'blobs'), { recursive: true });
  });
});
