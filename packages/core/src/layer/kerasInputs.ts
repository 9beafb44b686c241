import { teachLoader } from './teachLoader.ts';

/** From now on TF.js loads input layers of Keras 3, which calls `batch_shape` what Keras 2 and TF.js call `batch_input_shape`. */
export const readKerasInputs = (): void =>
  teachLoader(
    'InputLayer',
    'batchShape',
    load =>
      (cls, { batchShape, ...config }, ...rest) =>
        load(cls, batchShape === undefined ? config : { batchInputShape: batchShape, ...config }, ...rest),
  );
