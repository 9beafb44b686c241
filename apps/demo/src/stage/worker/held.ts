/** What every training of a page has in common: it is held between two of its steps, goes on, and is stopped. */
import type { Training } from './host.ts';
import { Lockstep } from './lockstep.ts';

export abstract class Held<S> implements Training<S> {
  readonly #abort = new AbortController();
  protected readonly signal = this.#abort.signal;
  /** Whoever takes a step meets here before it. */
  protected readonly steps: Lockstep;

  /** @param parties how many take each step together */
  constructor(parties = 1) {
    this.steps = new Lockstep(parties, this.signal);
  }

  abstract run(): Promise<void>;

  /** Where every setting starts over, there is none to take. */
  change(_settings: S): void {}

  pause(): void {
    this.steps.pause();
  }

  resume(): void {
    this.steps.resume();
  }

  stop(): void {
    this.#abort.abort();
  }
}
