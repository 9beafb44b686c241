/** A run that is told, epoch by epoch: one weight, whose value is the number of the epoch. */
import type { Hooks, Logs, Moment, TrainingPlugin, Weight } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll } from 'vitest';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

let weight: Weight;
const open: Hooks[] = [];

export function start(plugin: TrainingPlugin, host: 'fit' | 'stock' = 'fit'): Hooks {
  weight ??= {
    variable: tf.variable(tf.scalar(0)),
    path: 'w',
    layer: 'w',
    role: 'kernel',
    fanInAxes: [],
    trainable: true,
  };
  const hooks = plugin.setup({ host, site: 0 });
  open.push(hooks);
  return hooks;
}
afterEach(() => {
  for (const hooks of open.splice(0)) hooks.dispose?.();
});

/** Goes through the epochs, from `first` on. Gives the epoch at which it stopped, and why. */
export function run(
  hooks: Hooks,
  epochs: readonly Logs[],
  { first = 0, evaluated }: { first?: number; evaluated?: (epoch: number) => number } = {},
): { epoch: number; stop: string } | undefined {
  for (const [i, logs] of epochs.entries()) {
    const epoch = first + i;
    tf.tidy(() => weight.variable.assign(tf.scalar(epoch)));
    const stop = tf.tidy(() => {
      const snapshot = evaluated && new Map([['w', tf.scalar(evaluated(epoch))]]);
      const verdict = hooks.epochEnd!(logs, [weight], { epoch, learningRate: 1 } as Moment, snapshot);
      return { verdict } as never as tf.TensorContainer;
    }) as unknown as { verdict?: { stop?: string } };
    if (stop.verdict?.stop !== undefined) return { epoch, stop: stop.verdict.stop };
  }
  return undefined;
}

/** What each epoch logs. */
export const logged = (values: readonly number[], log = 'valLoss'): Logs[] => values.map(value => ({ [log]: value }));

/** The epoch whose weights are given back at the end. */
export const givenBack = (hooks: Hooks): number | undefined =>
  [...(hooks.end?.([weight]) ?? [])].map(([, t]) => t.dataSync()[0])[0];

/** A second run from the state of the first, through JSON as in a checkpoint. */
export function resumed(hooks: Hooks, plugin: TrainingPlugin): Hooks {
  const again = start(plugin);
  const { tensors, values } = hooks.state!();
  again.restore!({ tensors, values: JSON.parse(JSON.stringify(values)) });
  tf.dispose(tensors);
  return again;
}
