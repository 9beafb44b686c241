/** Converts a run to a checkpoint, and back. */
import type { Json, State, Tensors } from '@keepprob/core';
import { optimizerState, type Run, restoreOptimizer } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import { settingsOf } from './identity/identity.ts';
import type { Checkpoint, Identity, Manifest, Position } from './parts.ts';
import type { Dtype, StoredTensor } from './safetensors.ts';
import { checkMemory } from './savable.ts';
import { assignWeights, upload } from './storedTensors.ts';
import { OPTIMIZER, PLUGINS } from './whole.ts';

const under = <T>(prefix: string, named: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(named).map(([name, value]) => [prefix + name, value]));

const below = <T>(prefix: string, named: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(
    Object.entries(named).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value] as const] : [],
    ),
  );

/**
 * A checkpoint of the run's current state. Its tensors are cloned before the first await, so that training can continue while they are downloaded and written. All
 * clones are disposed.
 */
export async function capture(
  run: Run,
  optimizer: tf.Optimizer,
  identity: Identity,
  position: Position,
): Promise<Checkpoint> {
  const owned: Record<string, tf.Tensor> = {};
  try {
    // by value: the loop keeps appending to its history
    const manifest: Omit<Manifest, 'optimizerValues' | 'pluginValues'> = structuredClone({
      ...identity,
      ...position,
      step: run.step,
      optimizerNow: settingsOf(optimizer),
    });
    const plugins: State = run.state() ?? { tensors: {}, values: null };
    Object.assign(owned, under(PLUGINS, plugins.tensors));
    // a field may have been filled since the run began
    checkMemory(optimizer);
    const slots = optimizerState(optimizer, run.weights);
    Object.assign(owned, under(OPTIMIZER, slots.tensors));
    for (const { path, variable } of run.weights) owned[path] = tf.clone(variable);
    const values: { optimizerValues: Json; pluginValues: Json } = structuredClone({
      optimizerValues: slots.values,
      pluginValues: plugins.values,
    });
    return { manifest: { ...manifest, ...values }, tensors: await download(owned) };
  } finally {
    tf.dispose(Object.values(owned));
  }
}

/** The current values of all weights, by path; within `run.evaluating`, the values that are evaluated. */
export const weightsNow = (run: Run): Promise<Checkpoint['tensors']> =>
  download(Object.fromEntries(run.weights.map(({ path, variable }) => [path, variable])));

async function download(tensors: Tensors): Promise<Record<string, StoredTensor>> {
  const stored = Object.entries(tensors).map(async ([name, tensor]): Promise<[string, StoredTensor]> => {
    const data = (await tensor.data()) as StoredTensor['data'];
    return [name, { dtype: tensor.dtype as Dtype, shape: tensor.shape, data }];
  });
  return Object.fromEntries(await Promise.all(stored));
}

/**
 * Restores a checkpoint into the same run (`checkSame`), or the parts that fit (`fitting`) into another: plugins and the step, then the optimizer, then the weights.
 * The weights come last: if a plugin or the optimizer refuses its part, the model is unchanged.
 */
export function reinstate(checkpoint: Checkpoint, run: Run, optimizer: tf.Optimizer): void {
  const { tensors, manifest } = checkpoint;
  tf.tidy(() => {
    const { optimizerValues, pluginValues, step } = manifest;
    const state = { tensors: upload(below(PLUGINS, tensors)), values: pluginValues };
    run.restore(step, pluginValues === null ? undefined : state);
    const slots = { tensors: upload(below(OPTIMIZER, tensors)), values: optimizerValues };
    if (optimizerValues !== null) restoreOptimizer(optimizer, slots, run.weights);
    assignWeights(run.weights, checkpoint);
  });
}
