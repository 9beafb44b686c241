import { clone, dispose, keep, type Tensor } from '@tensorflow/tfjs-core';
import type { Snapshot, Tensors } from '../contract.ts';

/**
 * What a plugin keeps of weights from one call to the next, by `Weight.path`: start values, averages, the best so far.
 * @example
 * const start = new KeptTensors();
 * for (const { path, variable } of weights) start.set(path, variable);
 * start.get('0-Dense/bias')?.shape; // [8]
 * start.dispose();
 */
export class KeptTensors {
  readonly #tensors = new Map<string, Tensor>();

  /** The tensors themselves; they stay this object's. */
  get all(): Snapshot {
    return this.#tensors;
  }

  /** The tensor that is kept for a path; undefined if there is none. */
  get(path: string): Tensor | undefined {
    return this.#tensors.get(path);
  }

  /** Keeps the values of `tensor`, past the tidy of the hook, in place of those kept before. Shares its data. */
  set(path: string, tensor: Tensor): void {
    const kept = keep(clone(tensor));
    this.#tensors.get(path)?.dispose();
    this.#tensors.set(path, kept);
  }

  /** For `state`, which hands its tensors over. */
  copies(): Tensors {
    return Object.fromEntries([...this.#tensors].map(([path, tensor]) => [path, clone(tensor)]));
  }

  /** For `restore`: these and no others. */
  replace(tensors: Tensors): void {
    this.dispose();
    for (const [path, tensor] of Object.entries(tensors)) this.set(path, tensor);
  }

  /** Lets go of all of them. */
  dispose(): void {
    dispose([...this.#tensors.values()]);
    this.#tensors.clear();
  }
}
