import type { Optimizer } from '@tensorflow/tfjs-core';

/** Checks for the members that are used, not for the class, since a page may have two copies of TF.js. */
export const isOptimizer = (value: unknown): value is Optimizer => {
  const given = value as Partial<Optimizer> | null | undefined;
  return typeof given?.applyGradients === 'function' && typeof given.minimize === 'function';
};
