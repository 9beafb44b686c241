/** The form of our gradients: a gradient function of TF.js that returns undefined if the stock one should run. */
import * as tf from '@tensorflow/tfjs-core';

// biome-ignore lint/suspicious/noExplicitAny: a kernel's attributes are what its op defines; TF.js types them as any map
export type Attrs = tf.NamedAttrMap & Record<string, any>;
/** The gradient with respect to each input, computed on request. */
export type ByInput = Readonly<Record<string, () => tf.Tensor>>;

export interface Gradient {
  readonly kernelName: string;
  /** The tensors kept from the forward pass; by default those of the stock gradient, which is necessary if that one may run instead. */
  readonly keeps?: Pick<tf.GradConfig, 'inputsToSave' | 'outputsToSave' | 'saveAllInputs'>;
  readonly gradient: (dy: tf.Tensor, saved: readonly tf.Tensor[], attrs: Attrs) => ByInput | undefined;
}

/** Our gradient in the form that TF.js registers, with the stock one as the fallback. */
export function configOf({ kernelName, keeps, gradient }: Gradient, stock: tf.GradConfig): tf.GradConfig {
  return {
    ...(keeps ? { kernelName } : stock),
    ...keeps,
    gradFunc(dy, saved, attrs) {
      // a list means several results, which none of these kernels has
      const ours = Array.isArray(dy) ? undefined : gradient(dy, saved, attrs);
      return ours ? { ...ours } : stock.gradFunc(dy, saved, attrs);
    },
  };
}

/** t as float32, or t itself if it is float32: a cast without effect would be one more kernel. */
export const toFloat = (t: tf.Tensor): tf.Tensor => (t.dtype === 'float32' ? t : tf.cast(t, 'float32'));

/** The axes along which a tensor of this shape is broadcast to the shape `to`. */
function repeatedAxes(shape: readonly number[], to: readonly number[]): number[] {
  const missing = to.length - shape.length;
  return to.flatMap((size, axis) => (axis < missing || (shape[axis - missing] === 1 && size !== 1) ? [axis] : []));
}

/** Σ over the axes along which a tensor of this shape was broadcast to that of t; always a new tensor. */
export function sumTo(t: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const axes = repeatedAxes(shape, t.shape);
  const sum = axes.length > 0 ? tf.sum(t, axes) : undefined;
  return sum && tf.util.arraysEqual(sum.shape, [...shape]) ? sum : tf.reshape(sum ?? t, [...shape]);
}
