/** Replaces the trained weights: for an evaluation, and at the end. */
import * as tf from '@tensorflow/tfjs-core';
import type { Hooks, Moment, Snapshot, Weight } from '../contract.ts';
import { PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';

export interface Swap {
  /** Runs `f` on the weights that the `evaluate` hooks return, and restores the trained ones afterwards, even after an error. */
  evaluating<T>(at: Moment, f: () => Promise<T>): Promise<T>;
  /** Passes the weights of the last evaluation to `f`, once: they are disposed afterwards. */
  telling<T>(f: (evaluated: Snapshot | undefined) => T): T;
  /** Lets the plugins choose the final weights. */
  end(): void;
  dispose(): void;
}

export function openSwap(hooks: Hooks, known: { readonly weights: readonly Weight[] }): Swap {
  let evaluated: Snapshot | undefined;

  const assign = (snapshot: Snapshot): void => {
    const byPath = new Map(known.weights.map(weight => [weight.path, weight]));
    for (const [path, tensor] of snapshot) {
      const weight = byPath.get(path);
      if (!weight) throw new PluginError(messages.snapshotUnknown(path));
      // a model that was disposed in the meantime has nothing to restore
      if (!weight.variable.isDisposed) weight.variable.assign(tensor as tf.Tensor<tf.Rank>);
    }
  };
  const forget = (): void => {
    tf.dispose([...(evaluated?.values() ?? [])]);
    evaluated = undefined;
  };

  return {
    async evaluating(at, f) {
      const { evaluate } = hooks;
      if (!evaluate) return f();
      const { weights } = known;
      const trained = copy(new Map(weights.map(({ path, variable }) => [path, variable])));
      try {
        tf.tidy(() => {
          const snapshot = evaluate(weights, at) ?? new Map();
          assign(snapshot);
          forget();
          evaluated = copy(snapshot);
        });
        return await f();
      } finally {
        assign(trained);
        tf.dispose([...trained.values()]);
      }
    },
    telling(f) {
      try {
        return f(evaluated);
      } finally {
        forget();
      }
    },
    end() {
      const { end } = hooks;
      if (end) tf.tidy(() => assign(end(known.weights) ?? new Map()));
    },
    dispose: forget,
  };
}

/** The same values, kept beyond the tidy of a hook; the caller owns them. */
const copy = (tensors: Snapshot): Snapshot =>
  new Map([...tensors].map(([path, tensor]) => [path, tf.keep(tf.clone(tensor))]));
