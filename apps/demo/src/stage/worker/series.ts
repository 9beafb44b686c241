/** Several trainings one after the other, which the page sees as one. */
import type { Training } from './host.ts';

export class Series<S> implements Training<S> {
  readonly #next: (index: number) => Training<S> | undefined;
  readonly #change: (settings: S) => void;
  #current: Training<S> | undefined;
  #paused = false;
  #stopped = false;

  /**
   * @param next opens each of them, from 0 on; undefined ends the series
   * @param change of settings that act on those to come
   */
  constructor(next: (index: number) => Training<S> | undefined, change: (settings: S) => void = () => {}) {
    this.#next = next;
    this.#change = change;
  }

  async run(): Promise<void> {
    for (let index = 0; !this.#stopped; index++) {
      this.#current = this.#next(index);
      if (!this.#current) return;
      if (this.#paused) this.#current.pause();
      await this.#current.run();
    }
  }

  change(settings: S): void {
    this.#change(settings);
    this.#current?.change(settings);
  }

  pause(): void {
    this.#paused = true;
    this.#current?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#current?.resume();
  }

  stop(): void {
    this.#stopped = true;
    this.#current?.stop();
  }
}
