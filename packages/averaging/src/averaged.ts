/** The averages of a model's weights that are being kept right now, and a way to look at the model through them. */
import { type KeptTensors, option, PluginError, type Weight, weightsOf } from '@keepprob/core';
import { checkArgument, checkModel } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import * as messages from './messages.ts';

/** By weight, so that plugins stay values without state, and a run that is over leaves nothing to find. */
const averages = new WeakMap<tf.Variable, { readonly kept: KeptTensors; readonly path: string }>();

/** Lets `averaged` find the average of this weight among those that a plugin keeps. */
export function publish({ variable, path }: Weight, kept: KeptTensors): void {
  averages.set(variable, { kept, path });
}

/**
 * Runs `f` on the averaged weights of `ema` or `swa`, and restores the trained ones afterwards, even after an error: to evaluate, predict or save in the
 * middle of training, from a callback of stock fit or the `progress` of `fit`. If two plugins average the same weights, the one that began last counts.
 * Batch norm's statistics stay those of the trained weights.
 * @example
 * const reg = attach(model, tf.train.adam(1e-3), ema({ decay: 0.99, evaluate: false }));
 * model.compile({ optimizer: reg.optimizer, loss: 'categoricalCrossentropy' });
 * const onEpochEnd = () => averaged(model, () => model.evaluate(xValidation, yValidation));
 * await model.fit(x, y, { epochs: 1, callbacks: [reg.callback, new tf.CustomCallback({ onEpochEnd })] });
 * @throws OptionError if `model` is not a built model or `f` not a function; PluginError if nothing averages the weights of this model: there is no such
 * plugin, or no average yet, or the run is over
 */
export async function averaged<T>(model: LayersModel, f: () => T | Promise<T>): Promise<T> {
  checkModel(model, 'averaged');
  checkArgument('averaged', 'f', option.fn<() => T | Promise<T>>(), f);
  const found = weightsOf(model).flatMap(({ variable }) => {
    const entry = averages.get(variable);
    const average = entry?.kept.get(entry.path);
    return average ? [{ variable, average, trained: tf.keep(tf.clone(variable)) }] : [];
  });
  if (found.length === 0) throw new PluginError(messages.notAveraged());
  try {
    for (const { variable, average } of found) variable.assign(average);
    return await f();
  } finally {
    for (const { variable, trained } of found) {
      variable.assign(trained);
      trained.dispose();
    }
  }
}
