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
  /** Whether it saves the run and tells of it, for all of them. */
  readonly leads: boolean;
  /** Whether some worker wanted to stop before the last step; so all of them stop together. */
  readonly stopped: boolean;
}

/** Losses, penalty and cost, and whether to stop; room for metrics beside the weights. */
export const SCALARS = 1024;

const rowsOf = (batch: Batch): number => (Object.values(batch.x)[0] as tf.Tensor).shape[0] as number;

/**
 * @param wantsStop asked in every step
 * @param stopped whether to stop before the first one; the same for all
 */
export function shareSteps(reduce: AllReduce, wantsStop: () => boolean, stopped: boolean): Partner {
  return {
    leads: reduce.rank === 0,
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
      const count = tensors.reduce((sum, t) => sum + t.size, 1);
      const summed = reduce.sum(count, slot => {
        slot[0] = wantsStop() ? 1 : 0;
        let next = 1;
        for (const tensor of tensors) {
          slot.set(tensor.dataSync(), next);
          next += tensor.size;
        }
      });
      tf.dispose(stepTensors(mine));
      stopped = (summed[0] as number) > 0;
      let next = 1;
      const read = ({ shape, size }: tf.Tensor): tf.Tensor => {
        next += size;
        return tf.tensor(summed.subarray(next - size, next), shape, 'float32');
      };
      const result = mapStep(mine, read);
      tf.tidy(() => {
        for (const variable of statistics) variable.assign(tf.div(read(variable), reduce.workers));
      });
      return result;
    },
  };
}
