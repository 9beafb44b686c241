import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkOptions, OptionError, type OptionSpecs, option } from '@keepprob/core';
import type { Engine, Task } from '../contract.ts';
import * as messages from '../messages.ts';
import { putSplits, putTable } from './blobs.ts';
import { poolOf } from './pool.ts';
import type { StoredTask } from './protocol.ts';

/** Options of `local`. */
export interface LocalOptions {
  /** Number of processes that compute; by default one per core. */
  readonly workers?: number;
  /** Milliseconds after which a silent process is replaced; 60,000 by default. A process is silent while a single step runs. */
  readonly heartbeat?: number;
}

const specs: OptionSpecs<LocalOptions> = {
  workers: option.number({ min: 1, integer: true, fallback: availableParallelism() }),
  heartbeat: option.number({ min: 100, fallback: 60_000 }),
};

/**
 * Computes in processes on this machine, `workers` units at a time. The trial is a module, given by its URL: each process loads it, so the module also
 * chooses the backend. A process that is killed, exits, or is silent for `heartbeat` is replaced, and its unit is computed again. All processes end with
 * this one.
 * @example
 * const engine = local({ workers: 2 });
 * engine.name; // 'local'
 * @throws OptionError for wrong options, and at the start of the search for a trial that is a function
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
