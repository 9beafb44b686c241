/**
 * Gradients of the gradients of conv3d, which TF.js has on no backend: without them, neither `conv3dTranspose` nor a penalty on gradients of conv3d can be
 * trained. Convolution is linear in x and in the filter, so each of them is again one of the three operations.
 */
import * as tf from '@tensorflow/tfjs-core';

const run = (kernel: string, inputs: tf.NamedTensorMap, attrs: object): tf.Tensor =>
  tf.engine().runKernel(kernel, inputs, { ...attrs });

const forward = (x: tf.Tensor, filter: tf.Tensor, { strides, pad }: tf.NamedAttrMap) =>
  run(tf.Conv3D, { x, filter }, { strides, pad, dilations: 1, dataFormat: 'NDHWC' });
const byInput = (x: tf.Tensor, dy: tf.Tensor, filter: tf.Tensor, { strides, pad }: tf.NamedAttrMap) =>
  run(tf.Conv3DBackpropInputV2, { dy, filter }, { strides, pad, inputShape: x.shape });
const byFilter = (x: tf.Tensor, dy: tf.Tensor, filter: tf.Tensor, { strides, pad }: tf.NamedAttrMap) =>
  run(tf.Conv3DBackpropFilterV2, { x, dy }, { strides, pad, filterShape: filter.shape });

/** The gradients of a kernel with respect to its two inputs, from the gradient of its result. */
function gradient(
  kernelName: string,
  inputsToSave: [string, string],
  f: (moved: tf.Tensor, first: tf.Tensor, second: tf.Tensor, attrs: tf.NamedAttrMap) => Record<string, () => tf.Tensor>,
): tf.GradConfig {
  return {
    kernelName,
    inputsToSave,
    gradFunc(moved, [first, second], attrs) {
      if (Array.isArray(moved) || !first || !second)
        throw new TypeError(`${kernelName} has two inputs and one result.`);
      return f(moved, first, second, attrs);
    },
  };
}

export const gradients: readonly tf.GradConfig[] = [
  gradient(tf.Conv3DBackpropInputV2, ['dy', 'filter'], (x, dy, filter, attrs) => ({
    dy: () => forward(x, filter, attrs),
    filter: () => byFilter(x, dy, filter, attrs),
  })),
  gradient(tf.Conv3DBackpropFilterV2, ['x', 'dy'], (filter, x, dy, attrs) => ({
    x: () => byInput(x, dy, filter, attrs),
    dy: () => forward(x, filter, attrs),
  })),
];
