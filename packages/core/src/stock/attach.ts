/** Plugins in stock `model.fit`: an optimizer around yours, whose `minimize` is called by every stock step. */
import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Plugins } from '../contract.ts';
import { checkModel } from '../model/layerTree.ts';
import { checkArgument } from '../options/options.ts';
import { seeded } from '../run/seeded.ts';
import { AttachedCallback } from './callback.ts';
import { regularized, type StockDataset, stockDataset } from './dataset.ts';
import { StockRuns } from './stockRuns.ts';

/** What `attach` returns. */
export interface Attachment {
  /** Pass it to `model.compile`. A model with it is saved and loaded as with the inner optimizer. */
  readonly optimizer: tf.Optimizer;
  /**
   * For `model.fit({ callbacks })`: needed by plugins that act at the end of an epoch. Each fit begins a new run, in which plugins start from scratch. With
   * `initialEpoch`, a fit continues the run, as in a loop of `fit({ initialEpoch: n, epochs: n + 1 })`.
   *
   * A `tf.Callback`, to combine with others: `callbacks: [reg.callback, tf.callbacks.earlyStopping()]`. Wrap your own hooks in a
   * `new tf.CustomCallback({ onEpochEnd })`, as you would next to TF.js' own callbacks.
   */
  readonly callback: AttachedCallback;
  /**
   * Wraps a dataset, for plugins that act on batches: `model.fitDataset(reg.dataset(ds), …)`. It takes batches, so call it after `batch`. Transformations
   * after it, such as `prefetch`, keep the plugins.
   */
  dataset<D extends StockDataset>(dataset: D): D;
  /** Disposes the tensors of the plugins. The model stays as it is. */
  dispose(): void;
}

/** Options of `attach`, if an optimizer alone is not enough. */
export interface AttachOptions {
  /** The optimizer that makes the updates. */
  readonly optimizer: tf.Optimizer;
  /** The seed of the first run, for layers and plugins without their own seed. The seeds of later runs follow from it. Random by default. */
  readonly seed?: number;
}

/**
 * Attaches plugins to a model for stock `fit`, `fitDataset` and `trainOnBatch`.
 *
 * Training stops with a PluginError at the first J or gradient that is NaN or infinite: before the update on cpu, wasm and tfjs-node, and a few updates
 * later on a GPU, where numbers arrive late.
 * @example
 * const reg = attach(model, tf.train.adam(1e-3), l2(1e-4), earlyStopping({ patience: 3 }));
 * model.compile({ optimizer: reg.optimizer, loss: 'categoricalCrossentropy' });
 * await model.fit(x, y, { validationData: [xValidation, yValidation], callbacks: reg.callback });
 * @throws OptionError if the model is not built or is disposed, or if `optimizer` is not an optimizer; PluginError for a plugin that stock fit cannot
 * run
 */
export function attach(
  model: LayersModel,
  optimizer: tf.Optimizer | AttachOptions,
  ...plugins: readonly Plugins[]
): Attachment {
  checkModel(model, 'attach');
  const { optimizer: inner, seed } = seeded('attach', optimizer);
  const runs = new StockRuns({ model, optimizer: inner, plugins, seed });
  return {
    optimizer: runs.optimizer,
    callback: new AttachedCallback(runs),
    dataset(dataset) {
      checkArgument('reg.dataset', 'dataset', stockDataset, dataset);
      runs.iterated = true;
      return regularized(dataset, runs);
    },
    dispose: () => runs.dispose(),
  };
}
