/** Reports the epochs of a running unit, and checks whether the unit is still wanted. */
import type { QueuedJob } from './databases/ends.ts';

export interface TellingOptions {
  readonly pause: number;
  readonly warn: (message: string) => void;
  isWanted(id: string): Promise<boolean>;
}

export class Telling {
  readonly #job: QueuedJob;
  readonly #isWanted: (id: string) => Promise<boolean>;
  readonly #stop: () => void;
  readonly #warn: (message: string) => void;
  readonly #watch: NodeJS.Timeout;
  #untold: (readonly [epoch: number, value: number | null])[] = [];
  #isBusy = false;
  #isOver = false;

  /** @param pause milliseconds between two checks whether a unit that reports no epochs is still wanted */
  constructor(job: QueuedJob, { pause, warn, isWanted }: TellingOptions, stop: () => void) {
    this.#job = job;
    this.#isWanted = isWanted;
    this.#stop = stop;
    this.#warn = warn;
    this.#watch = setInterval(() => void this.#send(), pause);
  }

  /** Reports an epoch. Epochs that come faster than the database answers are sent together. */
  tell(epoch: number, value: number): void {
    this.#untold.push([epoch, Number.isFinite(value) ? value : null]);
    void this.#send();
  }

  /** Stops reporting; epochs that were not reported are in the result. */
  end(): void {
    this.#isOver = true;
    clearInterval(this.#watch);
  }

  async #send(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      do {
        const epochs = this.#untold;
        this.#untold = [];
        if (epochs.length > 0) await this.#job.updateProgress(epochs);
        if (!(await this.#isWanted(this.#job.id ?? '')) && !this.#isOver) this.#stop();
      } while (this.#untold.length > 0 && !this.#isOver);
    } catch (error) {
      // the next epoch tries again
      if (!this.#isOver) this.#warn(error instanceof Error ? error.message : String(error));
    } finally {
      this.#isBusy = false;
    }
  }
}
