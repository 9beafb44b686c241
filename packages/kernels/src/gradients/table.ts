/** Our gradients. */
import type * as tf from '@tensorflow/tfjs-core';
import { batchNorm } from './batchNorm.ts';
import { gradients as conv3d } from './conv3d.ts';
import { einsum } from './einsum.ts';
import { clipByValue, multiply, relu, softmax, square, squaredDifference } from './elementwise.ts';
import { gather } from './gather.ts';
import type { Gradient } from './gradient.ts';
import { mean, sum } from './reductions.ts';
import { tile } from './tile.ts';

/** Gradients that replace stock ones. */
export const better: readonly Gradient[] = [
  ...[batchNorm, clipByValue, gather, mean, multiply],
  ...[relu, softmax, square, squaredDifference, sum, tile],
];
/** Gradients that TF.js has on no backend. */
export const missing: readonly tf.GradConfig[] = [...conv3d, einsum];
