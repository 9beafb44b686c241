/** One update of several workers, each of which trains a copy of the model on the same data. */
import {
  type Batch,
  cuts,
  type Moment,
  mapStep,
  type StepResult,
  sliceBatch,
  stepTensors,
  tidyStep,
} from '@keepprob/core';
import { readInto } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import type { AllReduce } from './allReduce.ts';

/** What `fit` asks of whoever shares its steps. */
export interface Partner {
  /**
   * The step of the whole batch, from this worker's rows of it: losses, metrics, gradients and `statistics`, such as batch norm's, become their mean over
   * the rows, so that all workers make the same update.
   */
  step(
    take: (part: Batch, rows: Moment['rows']) => StepResult,
    batch: Batch,
    at: Moment,
    statistics: readonly tf.Variable[],
  ): StepResult;
  /** Of a run whose options name none: the same for all workers. */
  readonly seed: number;
  /** Gives every worker the weights of the first one, whatever it started from. */
  align(variables: readonly tf.Variable[]): void;
  /** Whether it saves the run and tells of it, for all of them. */
  readonly leads: boolean;
  /** Whether some worker wanted to stop before the last step; so all of them stop together. */
  readonly stopped: boolean;
}

/** Losses, penalty and cost, and whether to stop; room for metrics beside the weights. */
export const SCALARS = 1024;

const rowsOf = (batch: Batch): number => (Object.values(batch.x)[0] as tf.Tensor).shape[0] as number;

export interface Sharing {
  readonly reduce: AllReduce;
  readonly seed: number;
  /** Asked in every step. */
  readonly wantsStop: () => boolean;
  /** Whether to stop before the first one; the same for all. */
  readonly stopped: boolean;
}

/** Numbers of tensors one after the other. */
function writeAll(tensors: readonly tf.Tensor[], to: Float32Array, from: number): void {
  let next = from;
  for (const tensor of tensors) {
    readInto(tensor, to.subarray(next));
    next += tensor.size;
  }
}

/** Tensors of the shapes asked for, from numbers one after the other in memory that is shared. */
function reader(numbers: Float32Array, from: number): (like: tf.Tensor) => tf.Tensor {
  let next = from;
  // wasm copies what it is given at once; other backends may keep it
  const own = (part: Float32Array): Float32Array => (tf.getBackend() === 'wasm' ? part : part.slice());
  return ({ shape, size }) => {
    next += size;
    return tf.tensor(own(numbers.subarray(next - size, next)), shape, 'float32');
  };
}

const sizeOf = (tensors: readonly tf.Tensor[]): number => tensors.reduce((sum, t) => sum + t.size, 0);

export function shareSteps({ reduce, seed, wantsStop, stopped: atOnce }: Sharing): Partner {
  let stopped = atOnce;
  return {
    seed,
    leads: reduce.rank === 0,
    align(variables) {
      const firstOnly = Array.from({ length: reduce.workers }, (_, rank) => (rank === 0 ? 1 : 0));
      const first = reduce.mean(sizeOf(variables), firstOnly, slot => {
        if (reduce.rank === 0) writeAll(variables, slot, 0);
      });
      const read = reader(first, 0);
      tf.tidy(() => {
        for (const variable of variables) variable.assign(tf.cast(read(variable), variable.dtype));
      });
    },
    get stopped() {
      return stopped;
    },
    step(take, batch, at, statistics) {
      const rows = rowsOf(batch);
      const parts = cuts(rows, reduce.workers);
      const [first, total] = at.rows;
      // too few rows to share: everyone takes all of them
      const isShared = parts.length === reduce.workers;
      const [from, to] = isShared ? (parts[reduce.rank] as readonly [number, number]) : [0, rows];
      const shares = isShared
        ? parts.map(([from, to]) => (to - from) / rows)
        : Array(reduce.workers).fill(1 / reduce.workers);
      const mine = tidyStep(() => take(sliceBatch(batch, from, to), [first + from, total]));
      const tensors = [...stepTensors(mine), ...statistics];
      const means = reduce.mean(1 + sizeOf(tensors), shares, slot => {
        slot[0] = wantsStop() ? 1 : 0;
        writeAll(tensors, slot, 1);
      });
      tf.dispose(stepTensors(mine));
      stopped = (means[0] as number) > 0;
      const read = reader(means, 1);
      const result = mapStep(mine, read);
      tf.tidy(() => {
        for (const variable of statistics) variable.assign(read(variable));
      });
      return result;
    },
  };
}
