import type { Tensors } from '@keepprob/core';
import {
  batchTensors,
  type Computation,
  checkFinite,
  type Run,
  stepTensors,
  type TakePass,
} from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import type { OwnedBatch } from '../data/arrays.ts';

/** How the steps of a run are taken. */
export interface Stepping {
  readonly run: Run;
  readonly computation: Computation;
  readonly variables: readonly tf.Variable[];
  readonly take: TakePass;
}

/**
 * One update: the batch as returned by plugins, the forward pass, J and its gradients, and the doors of the update.
 * @returns the logs, measured in training mode
 */
export async function update(
  { run, computation, variables, take }: Stepping,
  given: OwnedBatch,
): Promise<Record<string, number>> {
  const at = run.moment('train', { rows: [0, given.rows] });
  const made: tf.Tensor[] = [];
  try {
    run.begin(at);
    const batch = run.batch(given, at);
    // tensors that plugins made; disposing the given ones twice does no harm
    made.push(...batchTensors(batch));
    const step = run.takeStep(computation, batch, variables, at, take);
    made.push(...stepTensors(step));
    const { cost, loss, penalty, metrics } = step;
    // NaN and infinities must not reach the weights
    const [logs] = await Promise.all([read({ cost, loss, penalty, ...metrics }), checkFinite(step, at, run.weights)]);
    run.update(step, at);
    return logs;
  } finally {
    tf.dispose(made);
  }
}

/** The values of scalars, all of them requested at once. */
async function read(scalars: Tensors): Promise<Record<string, number>> {
  const values = Object.entries(scalars).map(
    async ([name, t]) => [name, (await t.data<'float32'>())[0] ?? Number.NaN] as const,
  );
  return Object.fromEntries(await Promise.all(values));
}
