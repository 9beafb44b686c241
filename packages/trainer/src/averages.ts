/** Means over rows of an epoch, in float64. */
export class Averages {
  readonly #sums = new Map<string, number>();
  #rows = 0;

  add(rows: number, values: Readonly<Record<string, number>>): void {
    this.#rows += rows;
    for (const [name, value] of Object.entries(values))
      this.#sums.set(name, (this.#sums.get(name) ?? 0) + value * rows);
  }

  means(): Record<string, number> {
    return Object.fromEntries([...this.#sums].map(([name, sum]) => [name, sum / this.#rows]));
  }
}
