/** A requested unit. */
import type { Pool } from '../contract.ts';
import type { Epochs, Outcome } from './queued.ts';
import type { Requests } from './requests.ts';

type During = Parameters<Pool['run']>[1];

export class Asked {
  /** The outcome; null if the unit was lost. */
  readonly outcome: Promise<Outcome | null>;
  /** Sets the outcome; only the first call counts. */
  readonly settle: (outcome: Outcome | null) => void;
  readonly #requests: Requests;
  readonly #id: string;
  readonly #during: During;
  readonly #added: Promise<unknown>;
  readonly #fail: (error: unknown) => void;

  /** @param lock milliseconds after which a unit is no longer running if its worker is silent */
  constructor(requests: Requests, id: string, job: string, lock: number, during: During) {
    this.#requests = requests;
    this.#id = id;
    this.#during = during;
    const abort = (): void => void this.#stop(lock);
    let settle: (outcome: Outcome | null) => void = () => undefined;
    let fail: (error: unknown) => void = () => undefined;
    this.outcome = new Promise<Outcome | null>((resolve, reject) => {
      settle = resolve;
      fail = reject;
    }).finally(() => during.signal.removeEventListener('abort', abort));
    this.settle = settle;
    this.#fail = fail;
    this.#added = requests.add(id, job);
    this.#added.catch(error => this.#fail(error));
    during.signal.addEventListener('abort', abort, { once: true });
  }

  tell(epochs: Epochs): void {
    for (const [epoch, value] of epochs) this.#during.onEpoch?.(epoch, value ?? Number.NaN);
  }

  /** Checks whether the unit is over. Called regularly, since an event may be lost with a connection. */
  async look(): Promise<void> {
    try {
      await this.#added;
      const outcome = await this.#requests.outcomeOf(this.#id);
      if (outcome !== undefined) this.settle(outcome);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #stop(lock: number): Promise<void> {
    try {
      await this.#added;
      if ((await this.#requests.stop(this.#id)) === 'gone') this.settle({ type: 'stopped' });
      else setTimeout(() => this.settle({ type: 'stopped' }), 2 * lock).unref();
    } catch (error) {
      this.#fail(error);
    }
  }
}
