/** Which epoch the final weights are of: `fit` ends with the last ones, or with those that a plugin gives back. */
import { definePlugin, type TrainingPlugin, type Weight } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';

/** Σ w and Σ w² of each weight: equal for equal weights, as the backend adds them in one order. */
const printOf = (values: readonly tf.Tensor[]): tf.Tensor =>
  tf.tidy(() => tf.stack(values.flatMap(w => [tf.sum(w), tf.sum(tf.square(w))])));

/** Looks at the weights that each epoch is measured with. It changes nothing. */
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

  /** The last epoch that was measured with the weights as they are now, from 1 on; the last one of all where there is none. */
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
