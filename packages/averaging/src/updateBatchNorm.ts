/**
 * The statistics of batch norm, measured again for weights that were averaged. A marked seam: read in tfjs-layers 4.22, where
 * BatchNormalization moves `movingMean` and `movingVariance` by 1 − `momentum` towards those of the batch in every call in training mode.
 */
import { checkOptions, type OptionSpecs, option } from '@keepprob/core';
import { checkModel } from '@keepprob/core/driver';
import { atInference, batchNormsOf, isFrozen, type Layer, layerPluginsOf, sampling } from '@keepprob/core/layers';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { batchesOf, checkedInputs, type InputBatch, type InputStream, noRows } from './inputs.ts';

/** Options of `updateBatchNorm`. */
export interface UpdateBatchNormOptions {
  /** Rows per batch, where the data are whole tensors: the batch size of training; 32 by default. */
  readonly batchSize?: number;
  /** The seed of the dropout in front of batch norm; 0 by default. */
  readonly seed?: number;
}

const specs: OptionSpecs<UpdateBatchNormOptions> = {
  batchSize: option.number({ min: 1, integer: true, fallback: 32 }),
  seed: option.number({ min: 0, integer: true, fallback: 0 }),
};

interface BatchNorm extends Layer {
  momentum: number;
  readonly movingMean: { read(): tf.Variable };
  readonly movingVariance: { read(): tf.Variable };
}

/**
 * Sets the moving means and variances of every batch norm layer that is not frozen to their means over all batches of the data, each batch weighted by
 * its rows, like PyTorch's `swa_utils.update_bn` after SWA. The model runs as in training, with dropout on, since that is how its statistics are made in
 * training, too; with `setKeepProb(model, 1)` around it they are those of inference. Layer plugins draw no numbers of a training run. If it fails, the
 * old statistics are restored.
 * @param data all rows; or a stream of batches, which are disposed
 * @example
 * await fit(model, { x, y }, { ...options, epochs: 4, plugins: [swa({ startEpoch: 2 })] });
 * await updateBatchNorm(model, x);
 * @throws OptionError, DataError for data without rows or with other inputs than the model's
 */
export async function updateBatchNorm(
  model: LayersModel,
  data: InputBatch | InputStream,
  options: UpdateBatchNormOptions = {},
): Promise<void> {
  const { batchSize, seed } = checkOptions<UpdateBatchNormOptions>('updateBatchNorm', specs, options);
  checkModel(model, 'updateBatchNorm');
  const places = batchNormsOf(model);
  const frozen = places.filter(isFrozen).map(({ layer }) => layer);
  const layers = places.map(({ layer }) => layer as BatchNorm).filter(layer => !frozen.includes(layer));
  const plugins = layerPluginsOf(model);
  const statistics = layers
    .flatMap(({ movingMean, movingVariance }) => [movingMean.read(), movingVariance.read()])
    .map(variable => ({ variable, before: tf.clone(variable) }));
  const momenta = layers.map(layer => ({ layer, momentum: layer.momentum }));
  let rows = 0;
  let index = 0;
  try {
    for await (const batch of batchesOf(model, data, batchSize)) {
      try {
        const { inputs, rows: size } = await checkedInputs(model, batch);
        rows += size;
        // moving ← moving (1 − size / rows) + batch (size / rows): after each batch the mean over all rows so far
        for (const layer of layers) layer.momentum = 1 - size / rows;
        const call = (): unknown => atInference(frozen, () => model.apply([...inputs], { training: true }));
        tf.tidy(() => void sampling({ seed, index: index++, rows: [0, size], layers: plugins }, call));
      } finally {
        tf.dispose(batch as tf.TensorContainer);
      }
    }
    if (rows === 0) throw noRows();
  } catch (error) {
    for (const { variable, before } of statistics) variable.assign(before);
    throw error;
  } finally {
    for (const { layer, momentum } of momenta) layer.momentum = momentum;
    tf.dispose(statistics.map(({ before }) => before));
  }
}
