/** Data loss and metrics with dropout off, on labels as they are. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { disposeBatch } from './arrays.ts';
import { Averages } from './averages.ts';
import { breathe } from './breathe.ts';
import type { Order, Source } from './data.ts';
import type { Objective } from './losses.ts';
import { dataLoss, forward, metricsOf } from './objective.ts';

/** @returns `loss` and each metric, means over rows */
export async function evaluate(
  model: LayersModel,
  objective: Objective,
  source: Source,
  order: Order,
): Promise<Record<string, number>> {
  const averages = new Averages();
  for await (const batch of source.batches(order)) {
    try {
      let names: string[] = [];
      const all = tf.tidy(() => {
        const predictions = forward(model, batch.x, false);
        const loss = dataLoss(model, objective, batch, predictions);
        const scalars = { loss, ...metricsOf(model, objective, batch, predictions) };
        names = Object.keys(scalars);
        return tf.stack(Object.values(scalars));
      });
      const values = await all.data();
      all.dispose();
      averages.add(batch.rows, Object.fromEntries(names.map((name, i) => [name, values[i] as number])));
    } finally {
      disposeBatch(batch);
    }
    await breathe();
  }
  return averages.means();
}

/** `accuracy` becomes `valAccuracy`. */
export const prefixed = (prefix: string, logs: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(logs).map(([name, value]) => [`${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}`, value]),
  );
