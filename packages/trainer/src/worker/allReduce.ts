/** Sums over workers, through memory that they share. */

/** Numbers before the slots: how many have arrived, and how often all have. */
const CONTROL = 2;

/** Bytes for `workers` that add up `floats` numbers: two slots each, so that one barrier for each sum is enough. */
export const sharedBytes = (workers: number, floats: number): number => 4 * (CONTROL + 2 * workers * floats);

/**
 * Adds up one list of numbers from each worker. Every worker must call `sum` equally often, and gets the same result to the bit: ranks are added in their
 * order. Blocks the thread while it waits, so it belongs into a worker.
 */
export class AllReduce {
  readonly rank: number;
  readonly workers: number;
  readonly #control: Int32Array;
  readonly #slots: Float32Array;
  readonly #floats: number;
  #turn = 0;

  constructor(shared: SharedArrayBuffer, rank: number, workers: number) {
    this.rank = rank;
    this.workers = workers;
    this.#control = new Int32Array(shared, 0, CONTROL);
    this.#slots = new Float32Array(shared, 4 * CONTROL);
    this.#floats = this.#slots.length / (2 * workers);
  }

  /** The numbers that this worker adds are written into `mine`, from its beginning. */
  sum(count: number, write: (mine: Float32Array) => void): Float32Array {
    const slot = (rank: number): Float32Array => {
      const at = (2 * rank + this.#turn) * this.#floats;
      return this.#slots.subarray(at, at + count);
    };
    if (count > this.#floats) throw new RangeError(`${count} numbers do not fit into ${this.#floats}`);
    write(slot(this.rank));
    this.#barrier();
    const total = new Float32Array(count);
    for (let rank = 0; rank < this.workers; rank++) {
      const part = slot(rank);
      for (let i = 0; i < count; i++) total[i] = (total[i] as number) + (part[i] as number);
    }
    // whoever writes into this slot again has passed the next barrier, and so have all who read it here
    this.#turn = 1 - this.#turn;
    return total;
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
