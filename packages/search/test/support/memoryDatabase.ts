/** A database in memory, as far as one end of a queue sees it: what it is told and what it tells is the test's. */
import { EventEmitter } from 'node:events';
import type { Database, QueuedJob, UnitQueue } from '../../src/queue/databases/ends.ts';
import type { Outcome, Queued } from '../../src/queue/queued.ts';

export interface MemoryDatabase extends Database {
  /** By name and part. */
  readonly parts: Map<string, Uint8Array>;
  /** Jobs that were added, by id. */
  readonly jobs: Map<string, QueuedJob>;
  /** Tells the search's end. */
  readonly told: EventEmitter;
}

const jobOf = (id: string, data: Queued, jobs: Map<string, QueuedJob>): QueuedJob => ({
  ...{ id, data, returnvalue: { type: 'stopped' } },
  updateData: async () => undefined,
  updateProgress: async () => undefined,
  remove: async () => void jobs.delete(id),
  moveToWait: async () => 0,
});

/** A job that is over, with this outcome. */
export const over = (job: QueuedJob, returnvalue: Outcome): QueuedJob => ({ ...job, finishedOn: 1, returnvalue });

export function memoryDatabase(): MemoryDatabase {
  const parts = new Map<string, Uint8Array>();
  const jobs = new Map<string, QueuedJob>();
  const told = new EventEmitter();
  const keyOf = (sha256: string, part: number): string => `${sha256} ${part}`;
  const end = { waitUntilReady: async () => undefined, close: async () => undefined };
  const queue: UnitQueue = {
    ...end,
    on: () => undefined,
    async addBulk(added) {
      // an id that is there already is not added again
      for (const { data, opts } of added)
        if (!jobs.has(`${opts.jobId}`)) jobs.set(`${opts.jobId}`, jobOf(`${opts.jobId}`, data, jobs));
    },
    getJob: async id => jobs.get(id),
    getWorkersCount: async () => 1,
  };
  return {
    ...{ name: 'memory', parts, jobs, told },
    queue: () => queue,
    events: () => ({
      ...end,
      on: (event: string, listener: (...args: never[]) => void) => told.on(event, listener as () => void),
    }),
    worker: () => {
      throw new RangeError('nobody serves it');
    },
    blobs: {
      size: async sha256 =>
        [...parts].reduce((sum, [key, bytes]) => sum + (key.startsWith(`${sha256} `) ? bytes.length : 0), 0),
      putPart: async (sha256, part, bytes) => void parts.set(keyOf(sha256, part), bytes),
      getPart: async (sha256, part) => parts.get(keyOf(sha256, part)) ?? null,
    },
    close: async () => undefined,
  };
}
