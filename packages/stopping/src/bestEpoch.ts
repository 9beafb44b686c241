import { type Json, KeptTensors, type Moment, type Snapshot, type State, type Weight } from '@keepprob/core';

/** The best epoch so far: its value (lower is better), and the weights that this value was measured on. */
export class BestEpoch {
  #value = Number.POSITIVE_INFINITY;
  #epoch: number | undefined;
  readonly #weights = new KeptTensors();
  readonly #restoreBest: boolean;

  constructor(restoreBest: boolean) {
    this.#restoreBest = restoreBest;
  }

  get value(): number {
    return this.#value;
  }

  /** As people count, from 1; undefined until an epoch was taken. */
  get number(): number | undefined {
    return this.#epoch === undefined ? undefined : this.#epoch + 1;
  }

  /** Takes this epoch for the best. Statistics such as batch norm's are kept, too: without them the best weights are another model. */
  take(value: number, weights: readonly Weight[], at: Moment, evaluated?: Snapshot): void {
    this.#value = value;
    this.#epoch = at.epoch;
    if (!this.#restoreBest) return;
    for (const { path, variable } of weights) this.#weights.set(path, evaluated?.get(path) ?? variable);
  }

  /** For `end`: the weights to give back; none before the first epoch, or when not told to. */
  get snapshot(): Snapshot {
    return this.#weights.all;
  }

  /** For `state`, with what else the plugin counts. */
  state(counts: Json): State {
    const best = this.#epoch === undefined ? null : { value: this.#value, epoch: this.#epoch };
    return { tensors: this.#weights.copies(), values: { best, counts } };
  }

  /** For `restore`: gives back the counts. */
  restore({ tensors, values }: State): Json {
    const { best, counts } = values as { best: { value: number; epoch: number } | null; counts: Json };
    this.#value = best?.value ?? Number.POSITIVE_INFINITY;
    this.#epoch = best?.epoch;
    this.#weights.replace(tensors);
    return counts;
  }

  dispose(): void {
    this.#weights.dispose();
  }
}
