/** Loads models of Keras like any other model. */
import { bytesOf } from '@keepprob/trainer/node';
import type { LayersModel } from '@tensorflow/tfjs';

/** Whether a file is one of Keras, by its name. */
export const isKeras = (path: string): boolean => /\.(keras|h5|hdf5)$/i.test(path);

/**
 * @param weights files with the weights, if `path` holds only an architecture
 * @throws DataError if a file cannot be read; ConvertError if it holds no model that TensorFlow.js can represent
 */
export async function kerasModel(path: string, weights: readonly string[] = []): Promise<LayersModel> {
  // loaded only for such files, so that others need not wait for it
  const [{ loadKeras }, { ConvertError }] = await Promise.all([
    import('@keepprob/convert/keras'),
    import('@keepprob/convert'),
  ]);
  const file = await bytesOf(path);
  const options = weights.length ? { weights: await Promise.all(weights.map(path => bytesOf(path))) } : {};
  try {
    return await loadKeras(file, options);
  } catch (error) {
    if (!(error instanceof ConvertError)) throw error;
    const { problem, layer, className, message } = error;
    throw new ConvertError(problem, `${path}: ${message}`, { layer, className, cause: error });
  }
}
