/** Gradient descent on a fixed set of rows, and whether its J falls. */
import { definePlugin, OptionError } from '@keepprob/core';
import { setLearningRate } from '@keepprob/core/driver';
import { fit, type TrainingData } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Setting } from '../model/ask.ts';
import { zip } from '../statistics/vectors.ts';
import { hasDiverged } from './diverged.ts';

/** A step at which J rose. */
export interface Rise {
  /** J rose from this step to the next. */
  readonly step: number;
  /** By how much J rose. */
  readonly by: number;
}

/** J before each update, and after the last one. */
export interface Descent {
  /** J before each update and after the last one. */
  readonly costs: readonly number[];
  /** The learning rate of every update. */
  readonly learningRate: number;
  /** Whether J fell, or stayed, from each step to the next. */
  readonly falls: boolean;
  /** The rises, largest first. */
  readonly rises: readonly Rise[];
  /** The first step whose J is NaN or infinite. */
  readonly notFinite: number | null;
}

/** Rises and falls of less than this share of J are rounding: J is a mean of float32 numbers. */
export const ROUNDING = 2 ** -20;

export function descentOf(costs: readonly number[], learningRate: number): Descent {
  const rises = zip(costs, costs.slice(1), (from, to, step) => ({ step, by: to - from, from }))
    .filter(({ by, from }) => by > ROUNDING * Math.abs(from))
    .map(({ step, by }) => ({ step, by }))
    .sort((a, b) => b.by - a.by);
  const at = costs.findIndex(cost => !Number.isFinite(cost));
  const notFinite = at < 0 ? null : at;
  return { costs, learningRate, falls: notFinite === null && rises.length === 0, rises, notFinite };
}

/** A new optimizer with the settings of `optimizer` but not its state; plain gradient descent for null. */
export function optimizerLike(optimizer: tf.Optimizer | null, learningRate: number): tf.Optimizer {
  if (!optimizer) return tf.train.sgd(learningRate);
  const Class = optimizer.constructor as tf.serialization.SerializableConstructor<tf.Optimizer>;
  try {
    const copy = Class.fromConfig(Class, optimizer.getConfig()) as tf.Optimizer;
    setLearningRate(copy, learningRate);
    return copy;
  } catch {
    throw OptionError.of(
      'lens',
      'optimizer',
      'a tf.train optimizer whose settings can be copied',
      optimizer.getClassName(),
    );
  }
}

/** Updates the model's weights `steps` times, each time on all rows. Stops early if J is not finite or the gradient overflows. */
export async function descend(
  model: LayersModel,
  data: TrainingData,
  setting: Setting,
  optimizer: tf.Optimizer | null,
  learningRate: number,
  steps: number,
  tell: (done: number) => void | Promise<void>,
): Promise<Descent> {
  const { loss, plugins, limitRows, seed, signal } = setting;
  const costs: number[] = [];
  let last: tf.Tensor | undefined;
  const recorder = definePlugin({
    name: 'lens',
    options: {},
    setup: () => ({
      step(inner, batch) {
        const result = inner(batch);
        last?.dispose();
        last = tf.keep(tf.clone(result.cost));
        return result;
      },
    }),
  })();
  const own = optimizerLike(optimizer, learningRate);
  try {
    await fit(model, data, {
      ...{ loss, optimizer: own, seed, signal: signal ?? null, plugins: [...plugins, recorder] },
      ...{ epochs: steps + 1, batchSize: limitRows, limitBatches: 1, shuffle: false, trainEvaluation: false },
      async progress({ type, step, logs }) {
        if (type !== 'step') return;
        costs.push(logs.cost ?? Number.NaN);
        if (step <= steps) await tell(step);
      },
    });
  } catch (error) {
    const [cost = 0] = (await last?.data()) ?? [];
    if (Number.isFinite(cost) && !hasDiverged(error)) throw error;
    costs.push(cost);
  } finally {
    last?.dispose();
    own.dispose();
  }
  signal?.throwIfAborted();
  return descentOf(costs, learningRate);
}
