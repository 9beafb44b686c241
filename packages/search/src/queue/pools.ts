/** The processes of a worker: those of one task at a time, unless units of several tasks are running. */
import type { Pool } from '../contract.ts';
import { poolOf } from '../engines/pool.ts';
import { fetched, type Source } from './cache.ts';
import type { QueuedTask } from './queued.ts';

interface Held {
  readonly pool: Promise<Pool>;
  users: number;
}

export class Pools {
  readonly #make: (task: QueuedTask) => Promise<Pool>;
  readonly #held = new Map<string, Held>();

  constructor(source: Source, workers: number, heartbeat: number) {
    this.#make = async task => poolOf(await fetched(source, task), workers, heartbeat);
  }

  /** Calls `f` with a pool for this task, and closes unused pools of other tasks. */
  async with<T>(task: QueuedTask, f: (pool: Pool) => Promise<T>): Promise<T> {
    const key = JSON.stringify(task);
    const held = this.#held.get(key) ?? { pool: this.#make(task), users: 0 };
    this.#held.set(key, held);
    held.users++;
    try {
      await this.#end(([other, { users }]) => other !== key && users === 0);
      return await f(await held.pool);
    } catch (error) {
      // retries fetching next time if it failed
      if (
        await held.pool.then(
          () => false,
          () => true,
        )
      )
        this.#held.delete(key);
      throw error;
    } finally {
      held.users--;
    }
  }

  close(): Promise<void> {
    return this.#end(() => true);
  }

  async #end(which: (entry: [string, Held]) => boolean): Promise<void> {
    const over = [...this.#held].filter(which);
    for (const [key] of over) this.#held.delete(key);
    await Promise.all(over.map(([, { pool }]) => pool.then(made => made.close()).catch(() => undefined)));
  }
}
