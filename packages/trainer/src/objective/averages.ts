import type { Json } from '@keepprob/core';

type Sums = { readonly rows: number; readonly sums: readonly (readonly [name: string, sum: number])[] };

const isSums = (state: Json): state is Sums => typeof state === 'object' && state !== null && 'sums' in state;

/** Means over rows of an epoch, in float64. */
export class Averages {
  readonly #sums: Map<string, number>;
  #rows: number;

  /** @param state of earlier averages to continue from, with logs renamed by `rename` */
  constructor(state: Json = null, rename: (name: string) => string = name => name) {
    const { rows, sums } = isSums(state) ? state : { rows: 0, sums: [] };
    this.#rows = rows;
    this.#sums = new Map(sums.map(([name, sum]) => [rename(name), sum]));
  }

  /** The state to pass to the constructor; null before anything was added. */
  state(): Json {
    return this.#rows === 0 ? null : { rows: this.#rows, sums: [...this.#sums] };
  }

  add(rows: number, values: Readonly<Record<string, number>>): void {
    this.#rows += rows;
    for (const [name, value] of Object.entries(values))
      this.#sums.set(name, (this.#sums.get(name) ?? 0) + value * rows);
  }

  means(): Record<string, number> {
    return Object.fromEntries([...this.#sums].map(([name, sum]) => [name, sum / this.#rows]));
  }
}
