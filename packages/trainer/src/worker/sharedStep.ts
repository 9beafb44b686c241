/** One update shared by several workers, each of which trains a copy of the model on the same data. */
import type { Batch, Weight } from '@keepprob/core';
import {
  cuts,
  mapStep,
  meanOfParts,
  readInto,
  sliceBatch,
  stepTensors,
  tidyStep,
  weighPart,
} from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import type { Partnership, RunFacts } from '../loop/partner.ts';
import type { AllReduce } from './allReduce.ts';

/** Room next to the weights: for losses, penalty and cost, whether to stop, and metrics. */
export const SCALARS = 1024;

const rowsOf = (batch: Batch): number => Object.values(batch.x)[0]?.shape[0] ?? 0;

/** Writes the numbers of tensors, one after the other. */
function writeAll(tensors: readonly tf.Tensor[], to: Float32Array, from: number): void {
  let next = from;
  for (const tensor of tensors) {
    readInto(tensor, to.subarray(next));
    next += tensor.size;
  }
}

/** Reads tensors of the requested shapes, one after the other, from shared memory. */
function reader(numbers: Float32Array, from: number): (like: tf.Tensor) => tf.Tensor {
  let next = from;
  // wasm copies its input at once; other backends may keep it
  const own = (part: Float32Array): Float32Array => (tf.getBackend() === 'wasm' ? part : part.slice());
  return ({ shape, size }) => {
    next += size;
    return tf.tensor(own(numbers.subarray(next - size, next)), shape, 'float32');
  };
}

const sizeOf = (tensors: readonly tf.Tensor[]): number => tensors.reduce((sum, t) => sum + t.size, 0);

/** A worker's rows of a batch, and the share of every worker in it. */
interface Cut {
  readonly from: number;
  readonly to: number;
  readonly shares: readonly number[];
}

function cutOf(rows: number, { rank, workers }: AllReduce): Cut {
  const parts = cuts(rows, workers);
  const mine = parts[rank];
  // too few rows to share: every worker takes all of them, and the result of the first one counts
  if (parts.length < workers || !mine) return { from: 0, to: rows, shares: [1, ...Array(workers - 1).fill(0)] };
  return { from: mine[0], to: mine[1], shares: parts.map(([from, to]) => (to - from) / rows) };
}

/** Batch norm's moving statistics and the like. */
const statisticsAmong = (weights: readonly Weight[]): tf.Variable[] =>
  weights.filter(w => !w.trainable && w.role === 'other').map(w => w.variable);

/**
 * Computes each pass of the whole batch from this worker's rows of it: losses, metrics, gradients and statistics such as batch norm's become their mean over the
 * rows, so that all workers make the same update. The causes that end training are exchanged along with them: all workers stop together, before the step after the
 * one in progress.
 */
export const shareSteps =
  (reduce: AllReduce, { seed, saved = () => undefined }: RunFacts): Partnership =>
  causes => {
    let statistics: readonly tf.Variable[] = [];
    let why: string | undefined;

    /** Means over workers; `mine` are the numbers of this one, if its share is above 0. */
    const agree = (shares: readonly number[], mine: readonly tf.Tensor[]): ((like: tf.Tensor) => tf.Tensor) => {
      const means = reduce.mean(causes.length + sizeOf(mine), shares, slot => {
        for (const [i, cause] of causes.entries()) slot[i] = cause.holds() ? 1 : 0;
        if (shares[reduce.rank] !== 0) writeAll(mine, slot, causes.length);
      });
      why = causes.find((_, i) => (means[i] ?? 0) > 0)?.why;
      return reader(means, causes.length);
    };

    return {
      seed,
      leads: reduce.rank === 0,
      isFree: false,
      saved,
      align(weights) {
        statistics = statisticsAmong(weights);
        const variables = weights.map(w => w.variable);
        const read = agree([1, ...Array(reduce.workers - 1).fill(0)], variables);
        tf.tidy(() => {
          for (const variable of variables) variable.assign(tf.cast(read(variable), variable.dtype));
        });
      },
      take(pass, batch, [first, total]) {
        const { from, to, shares } = cutOf(rowsOf(batch), reduce);
        // results are means weighted by shares of rows, and so are the counts of a mask, so that one can be divided by the other
        const share = shares[reduce.rank] ?? 1;
        const mine = tidyStep(() => {
          const part = pass(sliceBatch(batch, from, to), [first + from, total]);
          return part.counted ? mapStep(weighPart('fitInWorker', part, share), t => tf.div(t, share)) : part;
        });
        const read = agree(shares, [...stepTensors(mine), ...statistics]);
        tf.dispose(stepTensors(mine));
        const result = tidyStep(() => meanOfParts(mapStep(mine, read)));
        tf.tidy(() => {
          for (const variable of statistics) variable.assign(read(variable));
        });
        return result;
      },
      interrupted: () => why,
      agreed() {
        agree(Array(reduce.workers).fill(1 / reduce.workers), []);
        return why;
      },
    };
  };
