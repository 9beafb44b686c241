/** Sums over workers, through memory that they share. */

/** Numbers before the slots: how many have arrived, and how often all have. */
const CONTROL = 2;

/** Bytes for `workers` that add up `floats` numbers: a slot for each, and one for the sums. */
export const sharedBytes = (workers: number, floats: number): number => 4 * (CONTROL + (workers + 1) * floats);

/**
 * Adds up one list of numbers from each worker. Every worker must call `sum` equally often, and gets the same result to the bit: ranks are added in their
 * order. Each worker adds up its part of the numbers for all of them, so that more workers take no longer. Blocks the thread while it waits, so it belongs
 * into a worker.
 */
export class AllReduce {
  readonly rank: number;
  readonly workers: number;
  readonly #control: Int32Array;
  readonly #slots: readonly Float32Array[];
  readonly #total: Float32Array;

  constructor(shared: SharedArrayBuffer, rank: number, workers: number) {
    this.rank = rank;
    this.workers = workers;
    this.#control = new Int32Array(shared, 0, CONTROL);
    const numbers = new Float32Array(shared, 4 * CONTROL);
    const floats = numbers.length / (workers + 1);
    const slot = (i: number): Float32Array => numbers.subarray(i * floats, (i + 1) * floats);
    this.#slots = Array.from({ length: workers }, (_, i) => slot(i));
    this.#total = slot(workers);
  }

  /** The numbers that this worker adds are written into `mine`, from its beginning. */
  sum(count: number, write: (mine: Float32Array) => void): Float32Array {
    if (count > this.#total.length) throw new RangeError(`${count} numbers do not fit into ${this.#total.length}`);
    write((this.#slots[this.rank] as Float32Array).subarray(0, count));
    this.#barrier();
    const bound = (rank: number): number => Math.floor((count * rank) / this.workers);
    const [from, to] = [bound(this.rank), bound(this.rank + 1)];
    const [first, ...others] = this.#slots.map(slot => slot.subarray(from, to)) as [Float32Array, ...Float32Array[]];
    const part = this.#total.subarray(from, to);
    part.set(first);
    for (const other of others) addTo(part, other);
    // slots are written to after this, and the sums after the next barrier, when all have copied them
    this.#barrier();
    return this.#total.slice(0, count);
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

function addTo(to: Float32Array, from: Float32Array): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] as number) + (from[i] as number);
}
