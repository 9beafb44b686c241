/** Random numbers by index: masks and noise are pure functions of a key and a place in the batch. */
export { counterDropout, type Draw } from './random/counterDropout.ts';
export { firstElement, keepBits, keepScale, MASK_FORMAT, mask, type Rows, threshold } from './random/mask.ts';
export {
  addNormalNoise,
  logisticNoise,
  multiplyNormalNoise,
  type NoiseOptions,
  normalNoise,
} from './random/noise.ts';
export { philox4x32 } from './random/philox.ts';
export { normals, permutation, uniforms } from './random/random.ts';
