/** The search's end of the queue: requests units, listens for their outcomes, and checks on units without news. */
import type { Pool } from '../contract.ts';
import { SearchError, TrialError } from '../errors.ts';
import * as messages from '../messages.ts';
import { Asked } from './asked.ts';
import type { Database } from './databases/ends.ts';
import { type Epochs, idOf, type Outcome, type QueuedTask, resultOf } from './queued.ts';
import { Requests } from './requests.ts';

/** A search in the queue. */
export interface Study {
  readonly id: string;
  /** Whether it was started before, so that some of its jobs may exist. */
  readonly isKnown: boolean;
  readonly task: QueuedTask;
  /** Writes data and code again if the database has lost them. */
  put(): Promise<QueuedTask>;
}

interface Options {
  readonly workers: number;
  readonly lock: number;
  readonly warn: (message: string) => void;
}

/** How often a unit is requested before its loss counts as a failure of the trial. */
const LIVES = 3;

export async function coordinate(database: Database, study: Study, { workers, lock, warn }: Options): Promise<Pool> {
  const queue = database.queue();
  const events = database.events();
  let isOver = false;
  const disturbed = (error: Error): void => {
    // closing a connection may cause an error
    if (!isOver) warn(messages.disturbed(database.name, error.message));
  };
  queue.on('error', disturbed);
  events.on('error', disturbed);
  await Promise.all([queue.waitUntilReady(), events.waitUntilReady()]);
  const requests = new Requests(queue, study.task, warn, database.name);
  const asked = new Map<string, Asked>();
  events.on('completed', ({ jobId, returnvalue }) => asked.get(jobId)?.settle(returnvalue as Outcome));
  events.on('failed', ({ jobId }) => asked.get(jobId)?.settle(null));
  events.on('progress', ({ jobId, data }) => asked.get(jobId)?.tell(data as Epochs));
  const watch = setInterval(() => void look(), lock / 6);

  async function look(): Promise<void> {
    for (const one of asked.values()) void one.look();
    const hasWorkers = asked.size === 0 || (await requests.hasWorkers().catch(() => true));
    if (!hasWorkers) warn(messages.noWorkers(database.name));
  }

  async function once(id: string, text: string, during: Parameters<Pool['run']>[1]): Promise<Outcome | null> {
    if (study.isKnown) {
      const before = await requests.takeUp(id);
      if (before) return before;
    }
    const one = new Asked(requests, id, text, lock, during);
    asked.set(id, one);
    return one.outcome.finally(() => asked.delete(id));
  }

  return {
    size: workers,
    async run(job, { signal, onEpoch: listener }) {
      const text = JSON.stringify(job);
      const id = idOf(study.id, text, job.unit);
      let last = 0;
      // a unit that is restarted reports its epochs again
      const onEpoch = (epoch: number, value: number): void => {
        if (epoch <= last) return;
        last = epoch;
        listener?.(epoch, value);
      };
      for (let life = 1; ; life++) {
        signal.throwIfAborted();
        const outcome = await once(id, text, { signal, onEpoch });
        signal.throwIfAborted();
        if (outcome?.type === 'done') {
          const result = resultOf(outcome.result);
          for (const [i, value] of result.curve.entries()) onEpoch(i + 1, value);
          return result;
        }
        if (outcome?.type === 'failed') throw new TrialError(outcome.reason);
        if (outcome?.type === 'refused') throw new SearchError('worker', outcome.reason);
        // lost, or stopped by an earlier search
        if (life >= LIVES) throw new TrialError(messages.unitLost(life));
        await requests.forget(id);
        await requests.tried(() => study.put());
      }
    },
    async close() {
      isOver = true;
      clearInterval(watch);
      requests.close();
      await Promise.allSettled([queue.close(), events.close()]);
      await database.close();
    },
  };
}
