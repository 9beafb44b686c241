/** What a worker says of a unit that runs, and hears: its epochs, and whether it is still wanted. */
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

  /** @param pause milliseconds between two looks at whether a unit that tells of no epoch is still wanted */
  constructor(job: QueuedJob, { pause, warn, isWanted }: TellingOptions, stop: () => void) {
    this.#job = job;
    this.#isWanted = isWanted;
    this.#stop = stop;
    this.#warn = warn;
    this.#watch = setInterval(() => void this.#send(), pause);
  }

  /** Epochs that come faster than the database answers go together. */
  tell(epoch: number, value: number): void {
    this.#untold.push([epoch, Number.isFinite(value) ? value : null]);
    void this.#send();
  }

  /** What is untold then stands in the result. */
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
      // the next epoch tells again
      if (!this.#isOver) this.#warn(error instanceof Error ? error.message : String(error));
    } finally {
      this.#isBusy = false;
    }
  }
}
