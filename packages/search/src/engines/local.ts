import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkOptions, OptionError, type OptionSpecs, option } from '@keepprob/core';
import type { Engine, Job, Pool, Task, UnitResult } from '../contract.ts';
import { SearchError, TrialError } from '../errors.ts';
import * as messages from '../messages.ts';
import { putSplits, putTable } from './blobs.ts';
import type { StoredTask } from './protocol.ts';
import { Died, Worker } from './worker.ts';

/** Options of `local`. */
export interface LocalOptions {
  /** Processes that compute; by default one for each core. */
  readonly workers?: number;
  /** Milliseconds after which a process that says nothing is replaced. A step that takes longer than that is no sign of life. */
  readonly heartbeat?: number;
}

const specs: OptionSpecs<LocalOptions> = {
  workers: option.number({ min: 1, integer: true, fallback: availableParallelism() }),
  heartbeat: option.number({ min: 100, fallback: 60_000 }),
};

/** How often one unit is begun before its death counts as the trial's failure: out of memory, say. */
const LIVES = 3;

/**
 * Computes in processes of this machine, `workers` units at a time. The trial is a module, given by its URL: each process loads it, so it is where the
 * backend is chosen. A process that is killed, ends or says nothing for `heartbeat` is replaced, and its unit computed again; all of them end with this one.
 * @example
 * const engine = local({ workers: 2 });
 * engine.name; // 'local'
 * @throws OptionError for wrong options, and at the search's begin for a trial that is a function
 */
export function local(options: LocalOptions = {}): Engine {
  const { workers, heartbeat } = checkOptions<LocalOptions>('local', specs, options);
  return {
    name: 'local',
    async open(task) {
      if (!(task.trial instanceof URL))
        throw OptionError.of('search', 'trial', messages.needsModule('local'), task.trial);
      const temporary = task.folder === null ? await mkdtemp(join(tmpdir(), 'keepprob-search-')) : null;
      const folder = temporary ?? join(task.folder ?? '', 'blobs');
      const stored = await storedIn(folder, task, task.trial);
      const pool = poolOf(stored, workers, heartbeat);
      return {
        ...pool,
        async close() {
          await pool.close();
          if (temporary !== null) await rm(temporary, { recursive: true, force: true });
        },
      };
    },
  };
}

const storedIn = async (folder: string, { table, splits, metric, scale }: Task, trial: URL): Promise<StoredTask> => ({
  ...{ trial: trial.href, metric, scale },
  table: await putTable(folder, table),
  splits: await putSplits(folder, splits),
});

function poolOf(task: StoredTask, size: number, heartbeat: number): Pool {
  const idle: Worker[] = [];
  const all = new Set<Worker>();

  /** One that is ready; a new one where none waits. */
  async function take(): Promise<Worker> {
    const waiting = idle.pop();
    if (waiting && !waiting.isGone) return waiting;
    if (waiting) all.delete(waiting);
    for (let tried = 1; ; tried++) {
      const worker = new Worker(task, heartbeat);
      all.add(worker);
      try {
        await worker.ready;
        return worker;
      } catch (error) {
        all.delete(worker);
        await worker.end();
        if (!(error instanceof Died)) throw error;
        if (tried >= LIVES) throw new SearchError('worker', messages.diesAtOnce(tried, error.message), error);
      }
    }
  }

  async function once(job: Job, { signal, onEpoch }: Parameters<Pool['run']>[1]): Promise<UnitResult> {
    const worker = await take();
    try {
      signal.throwIfAborted();
      return await worker.run(job, signal, onEpoch);
    } finally {
      if (worker.isGone) all.delete(worker);
      else idle.push(worker);
    }
  }

  return {
    size,
    async run(job, during) {
      for (let life = 1; ; life++) {
        try {
          return await once(job, during);
        } catch (error) {
          during.signal.throwIfAborted();
          if (!(error instanceof Died)) throw error;
          if (life >= LIVES) throw new TrialError(messages.unitKills(life, error.message), error);
        }
      }
    },
    async close() {
      await Promise.all([...all].map(worker => worker.end()));
    },
  };
}
