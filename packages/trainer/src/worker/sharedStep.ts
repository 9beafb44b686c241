/** One update of several workers, each of which trains a copy of the model on the same data. */
import {
  addStep,
  type Batch,
  cuts,
  type Moment,
  mapStep,
  type StepResult,
  sliceBatch,
  stepTensors,
  tidyStep,
} from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import type { AllReduce } from './allReduce.ts';

/** What `fit` asks of whoever shares its steps. */
export interface Partner {
  /**
   * The step of the whole batch, from this worker's rows of it: losses, metrics and gradients are summed over the workers, so that all of them make the same
   * update. `statistics`, such as batch norm's, become their mean.
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
function writeAll(tensors: readonly tf.Tensor[], slot: Float32Array, from: number): void {
  let next = from;
  for (const tensor of tensors) {
    slot.set(tensor.dataSync(), next);
    next += tensor.size;
  }
}

/** Tensors of the shapes asked for, from numbers one after the other. */
function reader(numbers: Float32Array, from: number): (like: tf.Tensor) => tf.Tensor {
  let next = from;
  return ({ shape, size }) => {
    next += size;
    return tf.tensor(numbers.subarray(next - size, next), shape, 'float32');
  };
}

const sizeOf = (tensors: readonly tf.Tensor[]): number => tensors.reduce((sum, t) => sum + t.size, 0);

export function shareSteps({ reduce, seed, wantsStop, stopped: atOnce }: Sharing): Partner {
  let stopped = atOnce;
  return {
    seed,
    leads: reduce.rank === 0,
    align(variables) {
      const first = reduce.sum(sizeOf(variables), slot => {
        if (reduce.rank === 0) writeAll(variables, slot, 0);
        else slot.fill(0);
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
      const part = cuts(rows, reduce.workers);
      // too few rows to share: everyone takes all of them
      const [from, to] = part.length === reduce.workers ? (part[reduce.rank] as readonly [number, number]) : [0, rows];
      const share = part.length === reduce.workers ? (to - from) / rows : 1 / reduce.workers;
      const [first, total] = at.rows;
      const mine = tidyStep(() => addStep(undefined, take(sliceBatch(batch, from, to), [first + from, total]), share));
      const tensors = [...stepTensors(mine), ...statistics];
      const summed = reduce.sum(1 + sizeOf(tensors), slot => {
        slot[0] = wantsStop() ? 1 : 0;
        writeAll(tensors, slot, 1);
      });
      tf.dispose(stepTensors(mine));
      stopped = (summed[0] as number) > 0;
      const read = reader(summed, 1);
      const result = mapStep(mine, read);
      tf.tidy(() => {
        for (const variable of statistics) variable.assign(tf.div(read(variable), reduce.workers));
      });
      return result;
    },
  };
}
