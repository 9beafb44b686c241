/** Requests of the search to the queue. All of them are idempotent, so that they can be repeated after a lost connection. */
import { SearchError } from '../errors.ts';
import * as messages from '../messages.ts';
import type { UnitQueue } from './databases/ends.ts';
import { type Outcome, type Queued, type QueuedTask, VERSION } from './queued.ts';

/** Seconds that a job is kept after its end, for a search that is restarted. */
const KEPT = { age: 30 * 24 * 3600 };
/** Milliseconds after which a lost database ends the search, and between two attempts. */
const PATIENCE = 600_000;
const PAUSE = 500;

interface Added {
  readonly entry: Parameters<UnitQueue['addBulk']>[0][number];
  done(added: Promise<unknown>): void;
}

export class Requests {
  readonly #queue: UnitQueue;
  readonly #task: QueuedTask;
  readonly #warn: (message: string) => void;
  readonly #name: string;
  #batch: Added[] = [];
  #isClosed = false;

  constructor(queue: UnitQueue, task: QueuedTask, warn: (message: string) => void, name: string) {
    this.#queue = queue;
    this.#task = task;
    this.#warn = warn;
    this.#name = name;
  }

  /** Units that are requested in the same turn of the event loop go in one message. */
  add(id: string, job: string): Promise<unknown> {
    if (this.#batch.length === 0) setImmediate(() => this.#flush());
    const opts = { jobId: id, removeOnComplete: KEPT, removeOnFail: KEPT };
    return new Promise(done => this.#batch.push({ entry: { name: 'unit', data: this.#data(job, false), opts }, done }));
  }

  /** The outcome of a job: undefined while it waits or runs; null if it does not exist, or its worker was lost too often. */
  outcomeOf(id: string): Promise<Outcome | null | undefined> {
    return this.tried(async () => {
      const job = await this.#queue.getJob(id);
      if (!job) return null;
      if (!job.finishedOn) return undefined;
      return job.returnvalue ?? null;
    });
  }

  /** The outcome of a job that an earlier search requested; null if it must be requested again, or is still waiting or running. */
  async takeUp(id: string): Promise<Outcome | null> {
    const outcome = await this.outcomeOf(id);
    if (outcome?.type === 'done' || outcome?.type === 'failed') return outcome;
    if (outcome === undefined) await this.#wish(id, false);
    else await this.forget(id);
    return null;
  }

  /** Removes a job that is over or waiting; one that is running stays. Returns whether the job is gone. */
  async forget(id: string): Promise<boolean> {
    const gone = async (): Promise<boolean> => (await this.#queue.getJob(id)) === undefined;
    return this.tried(async () => {
      const job = await this.#queue.getJob(id);
      if (job?.processedOn && !job.finishedOn) return false;
      // a job that has just started is locked
      await job?.remove().catch(() => undefined);
      return job === undefined || gone();
    });
  }

  /** Removes a job from the queue, or asks its worker to stop. */
  async stop(id: string): Promise<'gone' | 'asked'> {
    if (await this.forget(id)) return 'gone';
    await this.#wish(id, true);
    return 'asked';
  }

  hasWorkers(): Promise<boolean> {
    return this.tried(async () => (await this.#queue.getWorkersCount()) > 0);
  }

  /** Retries `f` until it succeeds. @throws SearchError `database` if the database does not come back */
  async tried<T>(f: () => Promise<T>): Promise<T> {
    const end = performance.now() + PATIENCE;
    for (;;) {
      try {
        return await f();
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (this.#isClosed || performance.now() > end)
          throw new SearchError('database', messages.unreachable(this.#name, reason), error);
        this.#warn(messages.disturbed(this.#name, reason));
        await new Promise(resolve => setTimeout(resolve, PAUSE));
      }
    }
  }

  close(): void {
    this.#isClosed = true;
  }

  #data(job: string, stop: boolean): Queued {
    return { version: VERSION, task: this.#task, job, stop };
  }

  #flush(): void {
    const batch = this.#batch;
    this.#batch = [];
    const added = this.tried(() => this.#queue.addBulk(batch.map(({ entry }) => entry)));
    for (const { done } of batch) done(added);
  }

  #wish(id: string, stop: boolean): Promise<void> {
    return this.tried(async () => {
      const job = await this.#queue.getJob(id);
      if (job && job.data.stop !== stop) await job.updateData({ ...job.data, stop });
    });
  }
}
