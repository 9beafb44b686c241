/** The data of stock `fitDataset`, with the plugins' `batch` hooks on every batch. */

import * as tf from '@tensorflow/tfjs-core';
import type { Batch, Tensors } from '../contract.ts';
import { inputNames, outputNames } from '../model/identity.ts';
import { custom } from '../options/kind.ts';
import { ownValue } from '../options/ownValue.ts';
import { batchTensors } from '../run/rows.ts';
import type { StockRuns } from './stockRuns.ts';

type Value = tf.Tensor | tf.Tensor[] | Record<string, tf.Tensor>;
type Item = { readonly xs: Value; readonly ys: Value };
interface StockIterator {
  next(): Promise<IteratorResult<Item>>;
  /** Only in iterators of tf.data: calls `f` on each item and disposes the tensors of the item that `f` does not return. */
  map?(f: (item: Item) => Item): StockIterator;
}

/** A dataset for `model.fitDataset`: a tf.data Dataset of { xs, ys }. */
export interface StockDataset {
  iterator(): Promise<StockIterator>;
}

export const stockDataset = /* @__PURE__ */ custom<StockDataset>(
  'a dataset of batches, as tf.data gives them: { xs, ys }',
  value => typeof Object(value).iterator === 'function',
);

/** The dataset with changed batches. Transformations after it (`prefetch`, `repeat`, `take`, …) iterate over it like over any dataset. */
export function regularized<D extends StockDataset>(dataset: D, runs: StockRuns): D {
  const iterator = async (): Promise<StockIterator> => {
    const given = await dataset.iterator();
    const f = changer(runs);
    return given.map ? given.map(f) : mapped(given, f);
  };
  return new Proxy(dataset, {
    get(target, property, proxy) {
      if (property === 'iterator') return iterator;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(proxy) : value;
    },
  });
}

/** Calls the hooks on one batch after the other. Data may be prefetched, so steps are counted separately. */
function changer(runs: StockRuns): (item: Item) => Item {
  const names = { x: inputNames(runs.model), y: outputNames(runs.model) };
  let step: number | undefined;
  const change = (batch: Batch): Batch => {
    const { run } = runs;
    const at = step ?? run.step;
    step = at + 1;
    const rows = Object.values(batch.x)[0]?.shape[0] ?? 0;
    try {
      return run.batch(batch, run.moment('train', { step: at, rows: [0, rows] }));
    } catch (error) {
      tf.dispose(batchTensors(batch));
      throw error;
    }
  };
  return ({ xs, ys }) => {
    const batch: Batch = { x: named(xs, names.x), y: named(ys, names.y) };
    const made = change(batch);
    const result = { xs: likeGiven(xs, made.x, names.x), ys: likeGiven(ys, made.y, names.y) };
    // stock fit takes neither sample weights nor labels for metrics
    const kept = new Set([...batchTensors(batch), ...tensorsOf(result)]);
    tf.dispose(batchTensors(made).filter(tensor => !kept.has(tensor)));
    return result;
  };
}

/** Maps like tf.data: tensors of an item that are not in the result are disposed, even if `f` fails. */
const mapped = (iterator: StockIterator, f: (item: Item) => Item): StockIterator => ({
  async next() {
    const item = await iterator.next();
    if (item.done) return item;
    const given = tensorsOf(item.value);
    let kept = new Set<tf.Tensor>();
    try {
      const value = f(item.value);
      kept = new Set(tensorsOf(value));
      return { done: false, value };
    } finally {
      tf.dispose(given.filter(tensor => !kept.has(tensor)));
    }
  },
});

const tensorsOf = ({ xs, ys }: Item): tf.Tensor[] =>
  [xs, ys].flatMap(value => (isTensor(value) ? [value] : Object.values(value)));

const isTensor = (value: Value): value is tf.Tensor => 'dataId' in value;

/** One tensor, a list, or an object by name, in the form of the input, so that later transformations get the form they expect. */
function likeGiven(given: Value, tensors: Tensors, names: readonly string[]): Value {
  const [first, ...others] = names.flatMap(name => {
    const tensor = ownValue(tensors, name);
    return tensor ? [tensor] : [];
  });
  if (!first || !(isTensor(given) || Array.isArray(given))) return { ...tensors };
  // by position: TF.js uses one name for all outputs of a layer
  return isTensor(given) ? first : [first, ...others];
}

function named(value: Value, names: readonly string[]): Tensors {
  const list = isTensor(value) ? [value] : value;
  if (!Array.isArray(list)) return list;
  return Object.fromEntries(
    names.flatMap((name, i) => {
      const tensor = list[i];
      return tensor ? [[name, tensor] as const] : [];
    }),
  );
}
