/** The exports for pages without a bundler: the techniques, stock fit and `fit` with them, workers, saved models and kernels. */
import { register as registerConvert } from '@keepprob/convert/layers';
import { type RegisterOptions, register as registerDropout } from '@keepprob/dropout';
import { register as registerL2 } from '@keepprob/l2';

export * from '@keepprob/augment';
export * from '@keepprob/averaging';
export { normalization } from '@keepprob/convert/layers';
export * from '@keepprob/core';
export * from '@keepprob/core/layers';
export * from '@keepprob/core/loop';
export * from '@keepprob/core/stock';
export * from '@keepprob/dropout';
export * from '@keepprob/gradients';
export * as wasm from '@keepprob/kernels/wasm';
export * as webgl from '@keepprob/kernels/webgl';
export * from '@keepprob/l1';
export * from '@keepprob/l2';
export * from '@keepprob/schedules';
export * from '@keepprob/stopping';
export * from '@keepprob/trainer';
export * from '@keepprob/trainer/model';
export * from '@keepprob/trainer/worker';

/** Registers the layers of all packages, so that saved models with them can be loaded. */
export function register(options?: RegisterOptions): void {
  registerDropout(options);
  registerL2();
  registerConvert();
}
