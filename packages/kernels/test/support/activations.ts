/** Activations by their names, and the curve in GELU. */
import * as tf from '@tensorflow/tfjs';

export const activation = (name: string) => {
  const layer = tf.layers.activation({ activation: name as 'gelu', inputShape: [1] });
  return (x: tf.Tensor): tf.Tensor => layer.apply(x) as tf.Tensor;
};

/** Φ(x) by its series, whose terms are all of one sign. */
export function normal(x: number): number {
  if (Math.abs(x) > 9) return x > 0 ? 1 : 0;
  let [sum, term] = [x, x];
  for (let n = 1; n < 400; n++) {
    term *= (x * x) / (2 * n + 1);
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
