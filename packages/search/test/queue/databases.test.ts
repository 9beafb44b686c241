/**
 * Units over PostgreSQL and Redis, which the test starts. `npm test` runs the first test over both databases and the others over Redis;
 * `npm run test:long` runs all over both, and whole searches that are killed (outages.long.test.ts). Processes run the built package, as they would for a user.
 */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Pool, Task } from '../../src/contract.ts';
import { inProcess } from '../../src/engines/inProcess.ts';
import { SearchError, TrialError } from '../../src/errors.ts';
import { type BullmqOptions, bullmq } from '../../src/queue/bullmq.ts';
import { addressOf, openDatabase } from '../../src/queue/databases/database.ts';
import { serveUnits } from '../../src/queue/serveUnits.ts';
import { freshFolder } from '../support/folders.ts';
import { hasServer, type Kind, type Server, start } from '../support/servers.ts';
import { during, jobOf, module, taskOf } from '../support/tasks.ts';

const lock = 2000;
const kinds: readonly Kind[] = ['postgres', 'redis'];
const allCases = process.env.CASES === 'all';

describe.each(kinds.map(kind => ({ kind })))('over $kind', ({ kind }) => {
  describe.skipIf(!hasServer[kind])('whose server is installed', () => {
    let server: Server;
    beforeAll(async () => {
      server = await start(kind);
    });
    afterAll(() => server.stop());

    const open: Pool[] = [];
    const serving: (() => Promise<void>)[] = [];
    afterEach(async () => {
      await Promise.all(open.splice(0).map(pool => pool.close()));
      await Promise.all(serving.splice(0).map(end => end()));
    });

    async function poolOf(
      trial: Task['trial'],
      more: Partial<Task> = {},
      options: Partial<BullmqOptions> = {},
    ): Promise<Pool> {
      const engine = bullmq({ db: server.url, lock, warn: () => undefined, ...options });
      const pool = await engine.open(await taskOf(trial, more));
      open.push(pool);
      return pool;
    }

    /** A worker in this process. */
    async function serve(workers = 1): Promise<() => Promise<void>> {
      const abort = new AbortController();
      let over: Promise<void> = Promise.resolve();
      await new Promise<void>((ready, fail) => {
        over = serveUnits({ db: server.url, workers, lock, signal: abort.signal, ready, warn: () => undefined });
        over.catch(fail);
      });
      const end = async (): Promise<void> => {
        abort.abort();
        await over;
      };
      serving.push(end);
      return end;
    }

    test('units are what this process computes, to the bit, with every epoch, once', async () => {
      const task = { scale: 'standardize', folder: freshFolder() } as const;
      const pool = await poolOf(module('trial'), task);
      const end = await serve();
      const here = await inProcess().open(await taskOf(module('trial'), task));
      const job = jobOf({ keep: 0.5 }, 1, 11);
      const epochs: number[] = [];
      const there = await pool.run(job, { ...during(), onEpoch: (...at) => void epochs.push(...at) });
      const { seconds: _, ...expected } = await here.run(job, during());
      expect(there).toMatchObject(expected);
      expect(epochs).toEqual(expected.curve.flatMap((value, i) => [i + 1, value]));

      // a search that is begun again finds it, where nobody computes
      await end();
      const again = await poolOf(module('trial'), task);
      await expect(again.run(job, during())).resolves.toEqual(there);
    });

    const also = test.runIf(allCases || kind === 'redis');

    also('a trial that fails, a module that exports none, and a process that dies', async () => {
      await serve();
      const once = join(freshFolder(), '..', 'once');
      const pool = await poolOf(module('unruly'));
      await expect(pool.run(jobOf({ does: 'throw' }), during())).rejects.toThrow(new TrialError('no such layer'));
      await expect(pool.run(jobOf({ does: 'kill', once }, 1), during())).resolves.toMatchObject({ fold: 1 });
      const nothing = (await poolOf(module('nothing'))).run(jobOf({}), during());
      await expect(nothing).rejects.toThrow(SearchError);
      await expect(nothing).rejects.toThrow('default export is a function');
    });

    also('one that is no longer wanted leaves the queue, or is stopped', async () => {
      const pool = await poolOf(module('unruly'));
      const reason = new Error('enough');
      const waits = new AbortController();
      const waiting = pool.run(jobOf({ does: '' }, 2), during(waits));
      waits.abort(reason);
      await expect(waiting).rejects.toBe(reason);

      await serve();
      const folder = freshFolder();
      mkdirSync(folder);
      const abort = new AbortController();
      const running = pool.run(jobOf({ does: 'wait', tells: join(folder, 'pid') }), during(abort));
      const started = setInterval(() => readdirSync(folder).length > 0 && abort.abort(reason), 20);
      await expect(running).rejects.toBe(reason);
      clearInterval(started);
      await expect(pool.run(jobOf({ does: '' }, 1), during())).resolves.toMatchObject({ fold: 1 });
    });

    also('a worker of another version goes, and leaves the unit', async () => {
      const database = await openDatabase(addressOf('test', server.url), 10_000);
      const queue = database.queue();
      const stored = { sha256: '', length: 0 };
      const task = { code: stored, search: '', table: stored, splits: stored, metric: '', scale: null };
      await queue.addBulk([
        { name: 'unit', data: { version: '0.0.1', task, job: '', stop: false }, opts: { jobId: 'other' } },
      ]);
      const over = serveUnits({ db: server.url, workers: 1, lock, warn: () => undefined });
      await expect(over).rejects.toMatchObject({ problem: 'version', message: expect.stringContaining('0.0.1') });
      const left = await queue.getJob('other');
      expect(left?.finishedOn).toBe(undefined);
      await left?.remove();
      await queue.close();
      await database.close();
    });
  });
});
