/** Means over workers, in shared memory. */

/** Numbers before the slots: how many workers have arrived, and how often all of them have. */
const CONTROL = 2;

/** Bytes for `workers` that average `floats` numbers: a slot for each, and one for the means. */
export const sharedBytes = (workers: number, floats: number): number => 4 * (CONTROL + (workers + 1) * floats);

/**
 * Weighted means of one list of numbers from each worker. Every worker must call `mean` the same number of times, and gets the same result to the bit: ranks are
 * added in order. Each worker computes its part of the means for all of them, so that more workers take no longer. Blocks the thread while it waits, so it may only
 * be used in a worker.
 */
export class AllReduce {
  readonly rank: number;
  readonly workers: number;
  readonly #control: Int32Array;
  readonly #slots: readonly Float32Array[];
  readonly #means: Float32Array;

  constructor(shared: SharedArrayBuffer, rank: number, workers: number) {
    this.rank = rank;
    this.workers = workers;
    this.#control = new Int32Array(shared, 0, CONTROL);
    const numbers = new Float32Array(shared, 4 * CONTROL);
    const floats = numbers.length / (workers + 1);
    const slot = (i: number): Float32Array => numbers.subarray(i * floats, (i + 1) * floats);
    this.#slots = Array.from({ length: workers }, (_, i) => slot(i));
    this.#means = slot(workers);
  }

  /**
   * Σ shares[rank] · numbers of that rank; needs at least two workers.
   * @param write puts the numbers of this worker into `mine`, from its beginning
   * @returns shared memory, which holds the means until the next call
   */
  mean(count: number, shares: readonly number[], write: (mine: Float32Array) => void): Float32Array {
    if (count > this.#means.length) throw new RangeError(`${count} numbers do not fit into ${this.#means.length}`);
    const mine = this.#slots[this.rank];
    if (mine) write(mine);
    this.#barrier();
    const bound = (rank: number): number => Math.floor((count * rank) / this.workers);
    const [from, to] = [bound(this.rank), bound(this.rank + 1)];
    const means = this.#means.subarray(from, to);
    const [first, second, ...others] = this.#slots.map(
      (slot, rank): Term => [slot.subarray(from, to), shares[rank] ?? 0],
    );
    if (first && second) mix(means, first, second);
    for (const other of others) mix(means, [means, 1], other);
    // slots may be written to after this, and the means after the next barrier, when all have read them
    this.#barrier();
    return this.#means.subarray(0, count);
  }

  #barrier(): void {
    const control = this.#control;
    const round = Atomics.load(control, 1);
    if (Atomics.add(control, 0, 1) + 1 === this.workers) {
      Atomics.store(control, 0, 0);
      Atomics.add(control, 1, 1);
      Atomics.notify(control, 1);
      return;
    }
    while (Atomics.load(control, 1) === round) Atomics.wait(control, 1, round);
  }
}

type Term = readonly [numbers: Float32Array, factor: number];

function mix(to: Float32Array, [x, a]: Term, [y, b]: Term): void {
  for (let i = 0; i < to.length; i++) to[i] = a * (x[i] ?? 0) + b * (y[i] ?? 0);
}
