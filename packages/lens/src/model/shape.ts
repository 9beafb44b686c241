/** Sizes of axes. */
import type * as tf from '@tensorflow/tfjs-core';

/** Size of the last axis; a scalar counts as one. */
export const lastSize = ({ shape }: { readonly shape: readonly number[] }): number => shape.at(-1) ?? 1;

/** Size of the batch axis; a scalar counts as one. */
export const rowsOf = ({ shape: [rows = 1] }: tf.Tensor): number => rows;
