import { clone, dispose, keep, type Tensor } from '@tensorflow/tfjs-core';
import type { Snapshot, Tensors } from '../contract.ts';

/**
 * The tensors that a plugin keeps between calls, by `Weight.path`: start values, averages, the best so far.
 * @example
 * const start = new KeptTensors();
 * for (const { path, variable } of weights) start.set(path, variable);
 * start.get('0-Dense/bias')?.shape; // [8]
 * start.dispose();
 */
export class KeptTensors {
  readonly #tensors = new Map<string, Tensor>();

  /** The tensors themselves; this object still owns them. */
  get all(): Snapshot {
    return this.#tensors;
  }

  /** The tensor for a path; undefined if there is none. */
  get(path: string): Tensor | undefined {
    return this.#tensors.get(path);
  }
  /** Keeps the values of `tensor` beyond the tidy of the hook, replacing earlier ones. The data are shared, not copied. */
  set(path: string, tensor: Tensor): void {
    const kept = keep(clone(tensor));
    this.#tensors.get(path)?.dispose();
    this.#tensors.set(path, kept);
  }
  /** Copies of all tensors, for `state`, which gives up ownership of its tensors. */
  copies(): Tensors {
    return Object.fromEntries([...this.#tensors].map(([path, tensor]) => [path, clone(tensor)]));
  }
  /** Replaces all tensors by these, for `restore`. */
  replace(tensors: Tensors): void {
    this.dispose();
    for (const [path, tensor] of Object.entries(tensors)) this.set(path, tensor);
  }
  /** Disposes all of them. */
  dispose(): void {
    dispose([...this.#tensors.values()]);
    this.#tensors.clear();
  }
}
