/** Messages of this package. Each says what was expected, what came, and what to do. */

export const noSecondDerivative = (plugin: string, kernel: string): string =>
  `${plugin} needs the derivative of a gradient, and TensorFlow.js has none for ${kernel}. Use strides instead of pooling, and no recurrent layers.`;
export const otherModel = (path: string): string =>
  `the weight "${path}" belongs to another model than the one that the plugin was made for. Make the plugin for the model that you train.`;
