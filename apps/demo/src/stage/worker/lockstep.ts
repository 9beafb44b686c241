/** Two loops that take every step together, can be held, and let the worker hear its messages. */

/** Gives the event loop a turn, without the 4 ms that nested timers wait. */
const breathe = (): Promise<void> =>
  new Promise(resolve => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });

export class Lockstep {
  readonly #parties: number;
  readonly #signal: AbortSignal;
  #waiting: (() => void)[] = [];
  #held: Promise<void> | undefined;
  #release: () => void = () => {};

  constructor(parties: number, signal: AbortSignal) {
    this.#parties = parties;
    this.#signal = signal;
    signal.addEventListener('abort', () => {
      this.resume();
      this.#open();
    });
  }

  /** Resolves when all have come, and nobody holds. At once after an abort. */
  async meet(): Promise<void> {
    if (this.#signal.aborted) return;
    if (this.#waiting.length + 1 < this.#parties) {
      await new Promise<void>(resolve => this.#waiting.push(resolve));
      return;
    }
    await breathe();
    await this.#held;
    this.#open();
  }

  pause(): void {
    this.#held ??= new Promise(resolve => {
      this.#release = resolve;
    });
  }

  resume(): void {
    this.#held = undefined;
    this.#release();
  }

  #open(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }
}
