/**
 * Dropout whose backward pass draws the mask again instead of storing it: 4 bytes per activation stay on the tape.
 *
 *     y = keep ? x × scale : 0        dx = keep ? dy × scale : 0        with the same keep, from the same key
 */
import * as tf from '@tensorflow/tfjs-core';
import type { RandomKey } from '../contract.ts';
import { DROPOUT_KERNEL, type DropoutKernelAttrs, hasExtraKernel, keyAttrs, runExtraKernel } from '../kernels.ts';
import { firstElement, keepBits, keepScale, type Rows, threshold } from './mask.ts';

/** One draw: everything needed to make its mask, any number of times. */
export interface Draw {
  /** Probability that an element is kept, in (0, 1]. */
  readonly keepProb: number;
  /** Shape of the noise; dimensions of 1 broadcast over x. */
  readonly noiseShape: readonly number[];
  /** The key of its random numbers. */
  readonly key: RandomKey;
  /** The rows of the step's whole batch that x holds. */
  readonly rows: Rows;
}

/** Selects instead of multiplying by the mask, so that a dropped NaN or Infinity becomes 0. */
function select(x: tf.Tensor, { keepProb, noiseShape, key, rows }: Draw): tf.Tensor {
  const bits = keepBits(noiseShape, keepProb, key, rows);
  const scale = keepScale(keepProb);
  // the cpu backend's tensors are JavaScript arrays: one pass over them is faster than three kernels
  if (bits.length === x.size && x.dtype === 'float32' && tf.getBackend() === 'cpu') {
    return tf.tensor(selected(x.dataSync<'float32'>(), bits, scale), x.shape, 'float32');
  }
  const keep = tf.tensor(bits, [...noiseShape], 'bool');
  return tf.where(keep, tf.mul(x, scale), tf.zerosLike(x));
}

const kernelAttrs = ({ keepProb, noiseShape, key, rows }: Draw): DropoutKernelAttrs => ({
  noiseShape,
  first: firstElement(noiseShape, rows),
  ...keyAttrs(key),
  threshold: threshold(keepProb),
  scale: keepScale(keepProb),
});

/** Runs the backend's own kernel, which goes directly onto the tape: its gradient is the same kernel, with the same attributes, on dy. */
function drawn(x: tf.Tensor, attrs: DropoutKernelAttrs): tf.Tensor {
  if (!tf.getGradient(DROPOUT_KERNEL)) {
    tf.registerGradient({
      kernelName: DROPOUT_KERNEL,
      gradFunc: (dy, _, same) => ({ x: () => drawn(dy as tf.Tensor, same as unknown as DropoutKernelAttrs) }),
    });
  }
  return runExtraKernel(DROPOUT_KERNEL, { x }, attrs)!;
}

/** x × scale where the bit is 1, else 0. It masks the bits of the product, so that nothing branches on random bits. */
function selected(x: Float32Array, bits: Uint8Array, scale: number): Float32Array {
  const y = new Float32Array(x.length);
  const asBits = new Int32Array(y.buffer);
  for (let i = 0; i < x.length; i++) {
    y[i] = (x[i] ?? 0) * scale;
    asBits[i] = (asBits[i] ?? 0) & -(bits[i] ?? 0);
  }
  return y;
}

/**
 * y = keep ? x / keepProb : 0 with the mask of `draw`: inverted dropout (Srivastava et al. 2014, §10). It is linear in x, so it is its own gradient: the
 * backward pass calls this function on dy, which gives second derivatives as well. The result has the shape of x.
 * @example
 * const draw = { keepProb: 0.5, noiseShape: [1, 4], key: { seed: 1, step: 0, site: 0, draw: 0 }, rows: [0, 1] };
 * counterDropout(tf.ones([1, 4]), draw); // [[2, 2, 2, 0]]
 */
export function counterDropout(x: tf.Tensor, draw: Draw): tf.Tensor {
  if (threshold(draw.keepProb) === 0) return tf.clone(x);
  if (x.dtype === 'float32' && x.size > 0 && hasExtraKernel(DROPOUT_KERNEL)) return drawn(x, kernelAttrs(draw));
  const op = tf.customGrad(input => ({
    value: select(input as tf.Tensor, draw),
    gradFunc: dy => counterDropout(dy as tf.Tensor, draw),
  }));
  return op(x);
}
