/** Models of Keras, as any other model. */
import { bytesOf } from '@keepprob/trainer/node';
import type { LayersModel } from '@tensorflow/tfjs';

/** Whether a file is one of Keras, by its name. */
export const isKeras = (path: string): boolean => /\.(keras|h5|hdf5)$/i.test(path);

/**
 * @param weights files with the weights, where the first one is an architecture alone
 * @throws DataError for what is no file; ConvertError for one that holds no model that TensorFlow.js can have
 */
export async function kerasModel(path: string, weights: readonly string[] = []): Promise<LayersModel> {
  // who has no such file does not wait for what reads it
  const { loadKeras } = await import('@keepprob/convert/keras');
  const file = await bytesOf(path);
  return weights.length
    ? loadKeras(file, { weights: await Promise.all(weights.map(path => bytesOf(path))) })
    : loadKeras(file);
}
