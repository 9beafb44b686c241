import { PluginError, type Tensors } from '@keepprob/core';
import { batchTensors, type Computation, type Run, stepTensors, type TakePass } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import type { OwnedBatch } from '../data/arrays.ts';
import * as messages from '../messages.ts';

/** How the steps of a run are taken. */
export interface Stepping {
  readonly run: Run;
  readonly computation: Computation;
  readonly variables: readonly tf.Variable[];
  readonly take: TakePass;
}

/**
 * One update: the batch as plugins leave it, forward, J and its gradients, the doors of the update.
 * @returns what was measured in training mode
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
    // what plugins made; disposing what was given a second time does no harm
    made.push(...batchTensors(batch));
    const step = run.takeStep(computation, batch, variables, at, take);
    made.push(...stepTensors(step));
    const { cost, loss, penalty, metrics } = step;
    const logs = await read({ cost, loss, penalty, ...metrics });
    // a J that is not finite must not reach the weights
    const J = logs.cost ?? Number.NaN;
    if (!Number.isFinite(J)) throw new PluginError(messages.notFinite('the cost J', J, run.step, at.epoch));
    run.update(step, at);
    return logs;
  } finally {
    tf.dispose(made);
  }
}

/** The numbers of scalars, all of them asked for at once. */
async function read(scalars: Tensors): Promise<Record<string, number>> {
  const values = Object.entries(scalars).map(async ([name, t]) => [name, (await t.data())[0] as number] as const);
  return Object.fromEntries(await Promise.all(values));
}
