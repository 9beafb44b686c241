import { teachLoader } from './teachLoader.ts';

/** Lets TF.js load input layers of Keras 3 from now on. Keras 3 says `batch_shape` for `batch_input_shape` in Keras 2 and TF.js. */
export const readKerasInputs = (): void =>
  teachLoader(
    'InputLayer',
    'batchShape',
    load =>
      (cls, { batchShape, ...config }, ...rest) =>
        load(cls, batchShape === undefined ? config : { batchInputShape: batchShape, ...config }, ...rest),
  );
