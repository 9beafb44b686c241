import type { Batch } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import { mixRows, mixWeights } from './weights.ts';

/**
 * Labels and sample weights of a mix with λ = `own`; metrics see the labels as they were. `cut` gives a label that was cut and pasted, as images are: each
 * of its pixels is of one of the two rows, so that it counts where both do.
 */
export function mixLabels(
  { y, sampleWeight, metricY = y }: Batch,
  own: tf.Tensor1D,
  partner: tf.Tensor1D,
  cut: (y: tf.Tensor) => tf.Tensor | undefined = () => undefined,
): Omit<Batch, 'x'> {
  const mixed = Object.entries(y).map(([name, label]) => {
    const w = sampleWeight?.[name];
    const pasted = cut(label);
    if (!w) return { name, label: pasted ?? mixRows(label, own, partner) };
    const { weight, share } = mixWeights(w, own, partner);
    if (!pasted) return { name, label: mixRows(label, share, partner), weight };
    const counts = tf.step(tf.abs(tf.mul(w, tf.gather(w, partner))));
    return { name, label: pasted, weight: tf.mul(weight, counts) };
  });
  const weights = mixed.flatMap(({ name, weight }) => (weight ? [[name, weight] as const] : []));
  return {
    y: Object.fromEntries(mixed.map(({ name, label }) => [name, label])),
    ...(sampleWeight && { sampleWeight: { ...sampleWeight, ...Object.fromEntries(weights) } }),
    metricY,
  };
}
