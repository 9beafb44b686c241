/** Plugins in stock `model.fit`: an optimizer around yours, whose `minimize` is the choke point of every stock step. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Batch, Plugins, Tensors } from '../contract.ts';
import { randomSeed } from '../layer/forwardContext.ts';
import { inputNames, outputNames } from '../model/identity.ts';
import { PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { logName } from '../plugin/monitor.ts';
import { batchTensors } from '../run/rows.ts';
import { openRun, type Run } from '../run/run.ts';
import { AttachedOptimizer } from './attachedOptimizer.ts';

/** What `model.fit` takes as a callback. */
export interface AttachedCallback {
  onTrainBegin(): void;
  onEpochBegin(epoch: number): void;
  onEpochEnd(epoch: number, logs?: Record<string, number>): void;
  onTrainEnd(): void;
}

/** Whatever `model.fitDataset` iterates: a tf.data Dataset of { xs, ys }. */
export interface StockDataset {
  iterator(): Promise<{ next(): Promise<IteratorResult<{ xs: Value; ys: Value }>> }>;
}
type Value = tf.Tensor | tf.Tensor[] | Record<string, tf.Tensor>;

export interface Attachment {
  /** For `model.compile`. Saves and loads as the optimizer inside it. */
  readonly optimizer: tf.Optimizer;
  /** For `model.fit({ callbacks })`: needed by plugins that act at the end of an epoch. */
  readonly callback: AttachedCallback;
  /** For `model.fitDataset(reg.dataset(ds), …)`: needed by plugins that act on batches. */
  dataset<D extends StockDataset>(dataset: D): D;
  /** Lets go of what the plugins keep. The model stays as it is. */
  dispose(): void;
}

export interface AttachOptions {
  readonly optimizer: tf.Optimizer;
  /** Of the run, for layers and plugins without a seed of their own. Random by default. */
  readonly seed?: number;
}

/**
 * Attaches plugins to a model for stock `fit`, `fitDataset` and `trainOnBatch`.
 * @example
 * const reg = attach(model, tf.train.adam(1e-3), l2(1e-4), earlyStopping({ patience: 3 }));
 * model.compile({ optimizer: reg.optimizer, loss: 'categoricalCrossentropy' });
 * await model.fit(x, y, { callbacks: reg.callback });
 * @throws OptionError for a model that is not built; PluginError for a plugin that stock fit cannot run.
 */
export function attach(
  model: LayersModel,
  optimizer: tf.Optimizer | AttachOptions,
  ...plugins: readonly Plugins[]
): Attachment {
  const { optimizer: inner, seed = randomSeed() } = isOptions(optimizer) ? optimizer : { optimizer };
  const stock: Stock = { epoch: undefined, training: false, iterated: false, disposed: false };
  const run = openRun(model, plugins, {
    host: 'stock',
    optimizer: inner,
    seed,
    epoch() {
      if (stock.epoch === undefined) throw new PluginError(messages.needsEpoch());
      return stock.epoch;
    },
  });
  const callback = callbackOf(model, run, stock);
  return {
    optimizer: new AttachedOptimizer(inner, run, () => checkHost(run, stock)),
    callback,
    dataset(dataset) {
      stock.iterated = true;
      return changed(dataset, () => transformed(model, run, dataset));
    },
    dispose() {
      if (stock.disposed) return;
      stock.disposed = true;
      try {
        callback.onTrainEnd();
      } finally {
        run.dispose();
      }
    },
  };
}

/** What has been seen of stock fit so far. */
interface Stock {
  /** Known while the callback runs. */
  epoch: number | undefined;
  /** Whether the callback has seen training begin, and not end. */
  training: boolean;
  /** Whether the data go through `dataset`. */
  iterated: boolean;
  disposed: boolean;
}

/** @throws PluginError, before the update in progress, where a plugin needs what stock fit was not given */
function checkHost(run: Run, { disposed, iterated, training }: Stock): void {
  const needs = (hook: 'batch' | 'epochEnd' | 'end', message: (plugin: string) => string): void => {
    const [plugin] = run.having(hook);
    if (plugin !== undefined) throw new PluginError(message(plugin), { plugin, hook });
  };
  if (disposed) throw new PluginError(messages.disposed('this attachment'));
  if (!iterated) needs('batch', messages.needsDataset);
  if (training) return;
  for (const hook of ['epochEnd', 'end'] as const) needs(hook, plugin => messages.needsCallback(plugin, hook));
}

const callbackOf = (model: LayersModel, run: Run, stock: Stock): AttachedCallback => ({
  onTrainBegin() {
    stock.training = true;
    stock.epoch = 0;
  },
  onEpochBegin(now) {
    stock.epoch = now;
  },
  onEpochEnd(_, logs = {}) {
    const { stop } = run.epochEnd(asInFit(logs), run.moment('evaluate'));
    if (stop !== undefined) model.stopTraining = true;
  },
  onTrainEnd() {
    if (stock.training) run.end();
    stock.training = false;
  },
});

/** The dataset with another iterator; everything else is as it was. */
const changed = <D extends StockDataset>(dataset: D, iterator: StockDataset['iterator']): D =>
  new Proxy(dataset, {
    get: (target, property) => {
      if (property === 'iterator') return iterator;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

const isOptions = (value: tf.Optimizer | AttachOptions): value is AttachOptions =>
  typeof value === 'object' && value !== null && 'optimizer' in value;

/** TF.js logs `val_loss`; plugins read `valLoss`, as in `fit`. */
const asInFit = (logs: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(logs).map(([name, value]) => [logName(name), value]));

/** The batches of a dataset as the plugins leave them. Data may be fetched ahead, so they count their own steps. */
async function transformed(model: LayersModel, run: Run, dataset: StockDataset): ReturnType<StockDataset['iterator']> {
  const iterator = await dataset.iterator();
  const names = { x: inputNames(model), y: outputNames(model) };
  let step = run.step;
  return {
    async next() {
      const item = await iterator.next();
      if (item.done) return item;
      const batch: Batch = { x: named(item.value.xs, names.x), y: named(item.value.ys, names.y) };
      const rows = Object.values(batch.x)[0]?.shape[0] ?? 0;
      const owned = new Set(batchTensors(batch));
      try {
        const made = run.batch(batch, run.moment('train', { step: step++, rows: [0, rows] }));
        for (const tensor of batchTensors(made)) owned.add(tensor);
        for (const tensor of [...Object.values(made.x), ...Object.values(made.y)]) owned.delete(tensor);
        return { done: false, value: { xs: inOrder(made.x, names.x), ys: inOrder(made.y, names.y) } };
      } finally {
        // what stock fit does not get: it knows neither weights of samples nor labels for metrics
        tf.dispose([...owned]);
      }
    },
  };
}

/** By position: TF.js has one name for several outputs of one layer. */
const inOrder = (tensors: Tensors, names: readonly string[]): tf.Tensor[] =>
  names.map(name => tensors[name] as tf.Tensor);

function named(value: Value, names: readonly string[]): Tensors {
  if (Array.isArray(value)) return Object.fromEntries(names.map((name, i) => [name, value[i] as tf.Tensor]));
  if ('dataId' in value) return { [names[0] as string]: value as tf.Tensor };
  return value as Tensors;
}
