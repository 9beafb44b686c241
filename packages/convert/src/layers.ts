/** Keras layers that TensorFlow.js does not have. */
export {
  type NormalizationLayer,
  type NormalizationOptions,
  normalization,
  register,
} from './layers/normalization.ts';
export type { Numbers } from './layers/statistics.ts';
