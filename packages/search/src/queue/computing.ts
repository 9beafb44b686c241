/** Computes the jobs that a worker takes. */
import type { Job as UnitJob } from '../contract.ts';
import { SearchError, TrialError } from '../errors.ts';
import type { QueuedJob } from './databases/ends.ts';
import type { Pools } from './pools.ts';
import type { Outcome, Queued } from './queued.ts';
import { Telling, type TellingOptions } from './telling.ts';

/** Why a unit is aborted. */
type Why = 'stopped' | 'back' | 'lost';

interface Running {
  readonly abort: AbortController;
  readonly over: Promise<unknown>;
}

export class Computing {
  readonly #pools: Pools;
  readonly #telling: TellingOptions;
  readonly #misfit: (data: Queued) => string | null;
  readonly #refuse: (reason: string) => void;
  readonly #running = new Map<string, Running>();
  #isOver = false;

  /** @param refuse called with the reason if a job is not for this worker */
  constructor(
    pools: Pools,
    telling: TellingOptions,
    misfit: (data: Queued) => string | null,
    refuse: (reason: string) => void,
  ) {
    this.#pools = pools;
    this.#telling = telling;
    this.#misfit = misfit;
    this.#refuse = refuse;
  }

  async compute(job: QueuedJob, token: string | undefined): Promise<Outcome> {
    const reason = this.#misfit(job.data);
    if (reason !== null) this.#refuse(reason);
    if (reason !== null || this.#isOver) return putBack(job, token);
    if (job.data.stop) return { type: 'stopped' };
    const abort = new AbortController();
    const over = this.#computed(job, abort, token);
    this.#running.set(job.id ?? '', { abort, over });
    return over.finally(() => this.#running.delete(job.id ?? ''));
  }

  /** Aborts units that another worker has taken over. */
  lose(ids: readonly string[]): void {
    for (const id of ids) this.#running.get(id)?.abort.abort('lost' satisfies Why);
  }

  /** Stops computing: running units go back to the queue. */
  async putBack(): Promise<void> {
    this.#isOver = true;
    const running = [...this.#running.values()];
    for (const { abort } of running) abort.abort('back' satisfies Why);
    await Promise.allSettled(running.map(({ over }) => over));
  }

  async #computed(job: QueuedJob, abort: AbortController, token: string | undefined): Promise<Outcome> {
    const { task, job: text }: Queued = job.data;
    const telling = new Telling(job, this.#telling, () => abort.abort('stopped' satisfies Why));
    const unit = JSON.parse(text) as UnitJob;
    const during = { signal: abort.signal, onEpoch: (epoch: number, value: number) => telling.tell(epoch, value) };
    try {
      const result = await this.#pools.with(task, pool => pool.run(unit, during));
      return { type: 'done', result: JSON.stringify(result) };
    } catch (error) {
      if (abort.signal.reason === 'back') return putBack(job, token);
      if (abort.signal.aborted) return { type: 'stopped' };
      if (error instanceof TrialError) return { type: 'failed', reason: error.message };
      if (error instanceof SearchError && error.problem === 'worker') return { type: 'refused', reason: error.message };
      throw error;
    } finally {
      telling.end();
    }
  }
}

/** Returns a job to the queue, as neither done nor failed. */
async function putBack(job: QueuedJob, token: string | undefined): Promise<never> {
  await job.moveToWait(token);
  const { WaitingError } = await import('bullmq');
  throw new WaitingError();
}
