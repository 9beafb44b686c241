/** Processes that compute the units of one task: started when needed, replaced when they die. */
import type { Job, Pool, UnitResult } from '../contract.ts';
import { SearchError, TrialError } from '../errors.ts';
import * as messages from '../messages.ts';
import type { StoredTask } from './protocol.ts';
import { Died, Worker } from './worker.ts';

/** How often a unit is started before the death of its process counts as a failure of the trial, for example for lack of memory. */
const LIVES = 3;

/** A pool of at most `size` processes. */
export function poolOf(task: StoredTask, size: number, heartbeat: number): Pool {
  const idle: Worker[] = [];
  const all = new Set<Worker>();

  /** Returns a process that is ready; a new one if none is idle. */
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
