/** How often the page draws what a worker tells: as often as there are frames, but for no more than a part of its time. */
import { later } from './turns.ts';

/** Time left alone after each drawing, as a multiple of what it took. */
const rest = 2;
/** Milliseconds after which it is drawn anyhow. */
const longest = 500;

export class Pace {
  readonly #draw: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #frame: number | undefined;
  /** When the next drawing may begin. */
  #free = 0;

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  /** Draws soon, once for all that came until then. */
  ask(): void {
    if (this.#timer !== undefined || this.#frame !== undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#frame = requestAnimationFrame(() => this.#go());
      },
      Math.min(longest, this.#free - performance.now()),
    );
  }

  /** Nothing is to be drawn any more. */
  cancel(): void {
    clearTimeout(this.#timer);
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#timer = undefined;
    this.#frame = undefined;
  }

  #go(): void {
    const began = performance.now();
    this.#frame = undefined;
    this.#draw();
    // what is drawn in turns counts, too
    later(() => {
      const now = performance.now();
      this.#free = now + rest * (now - began);
    });
  }
}
