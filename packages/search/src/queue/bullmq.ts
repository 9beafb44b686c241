import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkOptions, OptionError, type OptionSpecs, option } from '@keepprob/core';
import type { Engine, Task } from '../contract.ts';
import { type Blob, blobOf, splitsBlob, tableBlob } from '../engines/blobs.ts';
import * as messages from '../messages.ts';
import { calmly } from './calmly.ts';
import { codeOf } from './code.ts';
import { coordinate } from './coordinate.ts';
import { addressOf, openDatabase, putBlob } from './databases/database.ts';
import type { Database } from './databases/ends.ts';
import { type InstalledModules, modulesOption, nameOf } from './installed.ts';
import { hashOf, type Named, type QueuedTask, type Stored, VERSION } from './queued.ts';

/** Options of `bullmq`. */
export interface BullmqOptions {
  /** Address of PostgreSQL (`postgres://user:password@host/database`) or Redis (`redis://host`). Whoever may write there can run code on the workers. */
  readonly db: string;
  /** Number of units requested at a time: as many as all machines together compute at a time. 4 by default. */
  readonly workers?: number;
  /** Milliseconds after which a silent worker is replaced; it renews its lock after half that time. 30,000 by default. Use the workers' own value. */
  readonly lock?: number;
  /** Trials that every worker has under these names (see `serveUnits`): a trial at one of these addresses is named, not sent. None by default. */
  readonly modules?: InstalledModules;
  /** Receives warnings about lost connections and missing workers, at most every ten seconds; `console.warn` by default. */
  readonly warn?: (message: string) => void;
}

const specs: OptionSpecs<BullmqOptions> = {
  db: option.string(),
  workers: option.number({ min: 1, integer: true, fallback: 4 }),
  lock: option.number({ min: 500, fallback: 30_000 }),
  modules: modulesOption,
  warn: option.fn({ fallback: (message: string) => console.warn(message) }),
};

/**
 * Computes on other machines: units wait in a BullMQ queue, on PostgreSQL or Redis, for workers (`keepprob worker --db …`, `serveUnits`). The data and the
 * bundled module of the trial are sent through the same database. A unit is computed at least once and counts once; a search that is restarted with its
 * `store` finds the units that were finished meanwhile. It needs the packages `bullmq` and `pg` or `ioredis`, and `esbuild` for modules that import other
 * files.
 * @example
 * const engine = bullmq({ db: 'postgres://localhost/keepprob', workers: 8 });
 * engine.name; // 'bullmq'
 * @throws OptionError for wrong options, and at the start of the search for a trial that is a function or cannot be bundled; SearchError `database` at the
 * start of the search if the database cannot be reached
 */
export function bullmq(options: BullmqOptions): Engine {
  const { db, workers, lock, modules, warn } = checkOptions<BullmqOptions>('bullmq', specs, options);
  const address = addressOf('bullmq', db);
  return {
    name: 'bullmq',
    async open(task) {
      if (!(task.trial instanceof URL))
        throw OptionError.of('search', 'trial', messages.needsModule('bullmq'), task.trial);
      const code = nameOf(modules, task.trial) ?? blobOf(new TextEncoder().encode(await codeOf(task.trial)));
      const database = await openDatabase(address, lock);
      try {
        const blobs = [code, tableBlob(task.table), splitsBlob(task.splits)] as const;
        const put = async (): Promise<QueuedTask> => ({
          ...(await stored(database, blobs)),
          ...{ search: task.trial instanceof URL ? task.trial.search : '', metric: task.metric, scale: task.scale },
        });
        const queued = await put();
        const { id, isKnown } = await studyIn(task.folder);
        const study = { id: hashOf(JSON.stringify([id, VERSION, queued])), isKnown, task: queued, put };
        return await coordinate(database, study, { workers, lock, warn: calmly(warn) });
      } catch (error) {
        await database.close();
        throw error;
      }
    },
  };
}

async function stored(
  database: Database,
  [code, table, splits]: readonly [Blob | Named, Blob, Blob],
): Promise<Pick<QueuedTask, 'code' | 'table' | 'splits'>> {
  const put = ({ sha256, bytes }: Blob): Promise<Stored> => putBlob(database, sha256, bytes);
  return { code: 'module' in code ? code : await put(code), table: await put(table), splits: await put(splits) };
}

/** The id of the study, which is stored in the folder of the search so that its jobs are found again. */
async function studyIn(folder: Task['folder']): Promise<{ readonly id: string; readonly isKnown: boolean }> {
  const id = randomUUID();
  if (folder === null) return { id, isKnown: false };
  const path = join(folder, 'study.txt');
  await mkdir(folder, { recursive: true });
  try {
    await writeFile(path, id, { flag: 'wx' });
    return { id, isKnown: false };
  } catch {
    return { id: await readFile(path, 'utf8'), isKnown: true };
  }
}
