/** What a gradient of ours is: TF.js' gradient function, or undefined where the stock one shall run. */
import * as tf from '@tensorflow/tfjs-core';

// biome-ignore lint/suspicious/noExplicitAny: a kernel's attributes are what its op defines; TF.js types them as any map
export type Attrs = tf.NamedAttrMap & Record<string, any>;
/** The gradient by each input, computed where it is asked for. */
export type ByInput = Readonly<Record<string, () => tf.Tensor>>;

export interface Gradient {
  readonly kernelName: string;
  /** What is kept from the forward pass; by default what the stock gradient keeps, which it must be where that is the way out. */
  readonly keeps?: Pick<tf.GradConfig, 'inputsToSave' | 'outputsToSave' | 'saveAllInputs'>;
  readonly gradient: (dy: tf.Tensor, saved: readonly tf.Tensor[], attrs: Attrs) => ByInput | undefined;
}

/** Ours as TF.js registers it, with the stock one as the way out. */
export function configOf({ kernelName, keeps, gradient }: Gradient, stock: tf.GradConfig): tf.GradConfig {
  return {
    ...(keeps ? { kernelName } : stock),
    ...keeps,
    gradFunc(dy, saved, attrs) {
      // more than one result: none of the kernels here has them
      const ours = Array.isArray(dy) ? undefined : gradient(dy, saved, attrs);
      return ours ? { ...ours } : stock.gradFunc(dy, saved, attrs);
    },
  };
}

/** t as float32: itself, where it is. Each cast that changes nothing is one more kernel. */
export const toFloat = (t: tf.Tensor): tf.Tensor => (t.dtype === 'float32' ? t : tf.cast(t, 'float32'));

/** The axes along which a tensor of this shape is repeated to one of `to`. */
function repeatedAxes(shape: readonly number[], to: readonly number[]): number[] {
  const missing = to.length - shape.length;
  return to.flatMap((size, axis) => (axis < missing || (shape[axis - missing] === 1 && size !== 1) ? [axis] : []));
}

/** Σ over the axes along which a tensor of this shape was repeated to that of t: always a new tensor. */
export function sumTo(t: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const axes = repeatedAxes(shape, t.shape);
  const sum = axes.length > 0 ? tf.sum(t, axes) : undefined;
  return sum && tf.util.arraysEqual(sum.shape, [...shape]) ? sum : tf.reshape(sum ?? t, [...shape]);
}
