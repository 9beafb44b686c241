/** Determines the epoch of the final weights: `fit` ends with the last ones, or with those that a plugin restores. */
import { definePlugin, type TrainingPlugin, type Weight } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';

/** Σ w and Σ w² of each weight: equal for equal weights, since the backend always adds in the same order. */
const printOf = (values: readonly tf.Tensor[]): tf.Tensor =>
  tf.tidy(() => tf.stack(values.flatMap(w => [tf.sum(w), tf.sum(tf.square(w))])));

/** Watches the weights that each epoch is evaluated with. It changes nothing. */
export class EpochWatch {
  readonly plugin: TrainingPlugin;
  readonly #prints: tf.Tensor[] = [];
  #weights: readonly Weight[] = [];

  constructor() {
    const watch = definePlugin({
      name: 'searchWatch',
      options: {},
      setup: () => ({
        epochEnd: (_, weights, __, evaluated) => {
          this.#weights = weights;
          this.#prints.push(tf.keep(printOf(weights.map(({ variable, path }) => evaluated?.get(path) ?? variable))));
        },
      }),
    });
    this.plugin = watch();
  }

  /** The last epoch that was evaluated with the current weights, from 1 on; the last epoch of all if there is none. */
  async epoch(): Promise<number> {
    const last = this.#prints.length;
    if (last < 2) return last;
    const now = printOf(this.#weights.map(({ variable }) => variable));
    const [final, ...others] = await Promise.all([now, ...this.#prints].map(print => print.data()));
    now.dispose();
    const found = others.findLastIndex(print => print.every((value, i) => value === final?.[i]));
    return found === -1 ? last : found + 1;
  }

  dispose(): void {
    tf.dispose(this.#prints);
  }
}
