/** Transfers the weights of a model from a worker. */
import { DataError, weightsOf } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { SentWeight } from './protocol.ts';

export const download = (model: LayersModel): Promise<SentWeight[]> =>
  Promise.all(
    weightsOf(model).map(async ({ path, variable }): Promise<SentWeight> => {
      // a copy: the cpu backend returns the variable's own array
      const data = (await variable.data()).slice() as SentWeight['data'];
      return { path, shape: variable.shape, data };
    }),
  );

/** @throws DataError, before anything changes, for a model of another shape */
export function assignSent(model: LayersModel, sent: readonly SentWeight[]): void {
  const weights = new Map(weightsOf(model).map(w => [w.path, w.variable]));
  for (const { path, shape } of sent) {
    const variable = weights.get(path);
    if (variable && tf.util.arraysEqual(variable.shape, [...shape])) continue;
    const received = variable ? `shape [${variable.shape}]` : 'none';
    throw DataError.of(
      `fitInWorker: weight "${path}" of \`into\``,
      `shape [${shape}], as the worker's model`,
      received,
    );
  }
  tf.tidy(() => {
    for (const { path, shape, data } of sent) {
      const variable = weights.get(path) as tf.Variable;
      variable.assign(tf.tensor(data, [...shape], variable.dtype as 'float32') as tf.Tensor<tf.Rank>);
    }
  });
}
