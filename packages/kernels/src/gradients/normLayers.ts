/**
 * Batch norm and layer norm of TF.js, computed by `normalize`. A marked seam: read in tfjs-layers 4.22, where both take their statistics with
 * `tf.moments` on the tape and pass them to `tf.batchNorm`: some 30 operations of the size of x, and in layer norm on tiles of that size. There, batch norm
 * along any axis but the last is wrong on cpu and wasm, has no gradient on any backend, and does not run in training without γ or β.
 */
import * as tf from '@tensorflow/tfjs-core';
import { standardized } from './channels.ts';
import { normalize, type Statistics } from './normalize.ts';

type Inputs = tf.Tensor | tf.Tensor[];
interface Weight {
  read(): tf.Tensor;
  write(value: tf.Tensor): unknown;
}
interface BatchNorm {
  readonly axis: number;
  readonly epsilon: number;
  readonly momentum: number;
  readonly gamma?: Weight | null;
  readonly beta?: Weight | null;
  readonly movingMean: Weight;
  readonly movingVariance: Weight;
}
interface LayerNorm {
  readonly axis: readonly number[];
  readonly epsilon: number;
  readonly gamma?: Weight | null;
  readonly beta?: Weight | null;
}

export type Call<L> = (this: L, inputs: Inputs, kwargs: { readonly training?: boolean }) => Inputs;

/** The single input, if `normalize` supports it. */
function inputOf(inputs: Inputs): tf.Tensor | undefined {
  const [x, ...more] = Array.isArray(inputs) ? inputs : [inputs];
  return x && more.length === 0 && x.dtype === 'float32' && x.size > 0 && x.rank >= 2 && x.rank <= 4 ? x : undefined;
}

/** A weight along these axes of x, in a shape that is broadcast to that of x. */
function alongAxes(weight: Weight | null | undefined, x: tf.Tensor, axes: readonly number[]): tf.Tensor | undefined {
  const value = weight?.read();
  const areLast = axes.every(axis => axis >= x.rank - axes.length);
  if (!value || (areLast && tf.util.arraysEqual(value.shape, x.shape.slice(-axes.length)))) return value;
  return tf.reshape(
    value,
    x.shape.map((size, axis) => (axes.includes(axis) ? size : 1)),
  );
}

/** In training, normalizes by the statistics of the batch, and moves those of the layer towards them. */
export const batchNormCall = (stock: Call<BatchNorm>): Call<BatchNorm> =>
  function (inputs, kwargs) {
    const x = inputOf(inputs);
    if (!x) return stock.call(this, inputs, kwargs);
    const axis = this.axis >= 0 ? this.axis : this.axis + x.rank;
    if (!kwargs.training && axis === x.rank - 1) return stock.call(this, inputs, kwargs);
    const along = (weight: Weight | null | undefined): tf.Tensor | undefined => alongAxes(weight, x, [axis]);
    return tf.tidy(() => {
      const [gain, bias] = [along(this.gamma), along(this.beta)];
      if (!kwargs.training) {
        const [mean, variance] = [along(this.movingMean), along(this.movingVariance)];
        return mean && variance
          ? standardized(x, { mean, variance, epsilon: this.epsilon }, gain, bias)
          : stock.call(this, inputs, kwargs);
      }
      const axes = x.shape.map((_, i) => i).filter(i => i !== axis);
      const onStatistics = (statistics: Statistics): void => move(this, statistics);
      return normalize({ x, gain, bias, axes, epsilon: this.epsilon, onStatistics });
    });
  };

/** m ← m − (m − m of the batch) (1 − momentum) */
function move({ movingMean, movingVariance, momentum }: BatchNorm, { mean, variance }: Statistics): void {
  const moves = [
    [movingMean, mean],
    [movingVariance, variance],
  ] as const;
  for (const [moving, ofBatch] of moves) {
    const before = moving.read();
    const delta = tf.mul(tf.sub(before, tf.reshape(ofBatch, before.shape)), 1 - momentum);
    moving.write(tf.sub(before, delta));
  }
}

export const layerNormCall = (stock: Call<LayerNorm>): Call<LayerNorm> =>
  function (inputs, kwargs) {
    const x = inputOf(inputs);
    if (!x) return stock.call(this, inputs, kwargs);
    const { axis: axes, epsilon } = this;
    return tf.tidy(() => {
      const along = (weight: Weight | null | undefined): tf.Tensor | undefined => alongAxes(weight, x, axes);
      return normalize({ x, gain: along(this.gamma), bias: along(this.beta), axes, epsilon });
    });
  };
