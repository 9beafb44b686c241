/**
 * Penalties on activations: the cost of large or many active units. L1 makes a representation sparse, L2 keeps it small.
 * Stock TF.js throws NotImplemented for `activityRegularizer`.
 *
 *     J gains (1/n) Σ (λ₁ |x| + λ₂ x²) over the n rows of the batch and all that follows the batch axis
 */
import { checkOptions, elasticPenalty, option, type Schedule, valueAt } from '@keepprob/core';
import { defineLayer, type LayerOptions, type PluginLayer } from '@keepprob/core/layers';
import type * as tf from '@tensorflow/tfjs-core';

/** Options of `activityRegularization`. */
export interface ActivityRegularizationOptions {
  /** λ₁ ≥ 0 of Σ |x|; 0 by default. May be a schedule. */
  readonly l1?: number | Schedule;
  /** λ₂ ≥ 0 of Σ x² (not ½); 0 by default. May be a schedule. */
  readonly l2?: number | Schedule;
}

/**
 * λ₁ Σ |x| + λ₂ Σ x² of a batch, as a mean over its rows; rank 0. If a batch comes in parts, the value for the whole batch is the mean of those of the
 * parts, weighted by rows, as for the loss.
 * @example
 * activityPenalty(tf.tensor2d([[1, -2], [3, 0]]), 0.1, 0); // 0.3
 */
export function activityPenalty(x: tf.Tensor, l1: number, l2: number): tf.Scalar {
  const rows = x.shape[0] ?? 1;
  return elasticPenalty([x], { l1: l1 / rows, l2: l2 / rows });
}

/**
 * The identity. In training it adds a penalty on its input to J. As in Keras' class `ActivityRegularization`, the
 * penalty is divided by the n rows of the batch. Put it after the layer whose outputs you want to penalize.
 *
 *     J gains (1/n) Σ (λ₁ |x| + λ₂ x²)
 * @example
 * model.add(activityRegularization({ l1: 1e-5, l2: 1e-4 }));
 * @throws OptionError for a λ below 0; PluginError in training if nothing collects the penalty (`attach` and `fit` do)
 */
export const activityRegularization = defineLayer<ActivityRegularizationOptions>({
  name: 'activityRegularization',
  className: 'ActivityRegularization',
  options: { l1: option.schedule({ min: 0, fallback: 0 }), l2: option.schedule({ min: 0, fallback: 0 }) },
  forward(x, { l1, l2 }, at) {
    at.addPenalty(activityPenalty(x, valueAt(l1, at), valueAt(l2, at)));
    return x;
  },
});

/** Options of `activityL1` and `activityL2`. */
export interface ActivityPenaltyOptions {
  /** λ ≥ 0; may be a schedule. */
  readonly strength: number | Schedule;
}

type Penalty = (options: LayerOptions<ActivityPenaltyOptions> | number) => PluginLayer<ActivityRegularizationOptions>;

const penalty =
  (name: string, norm: 'l1' | 'l2'): Penalty =>
  options => {
    const { strength, ...layer } = typeof options === 'object' ? options : { strength: options };
    const specs = { strength: option.schedule({ min: 0 }) };
    return activityRegularization({
      ...layer,
      [norm]: checkOptions<ActivityPenaltyOptions>(name, specs, { strength }).strength,
    });
  };

/**
 * J gains λ Σ |x| / n over the n rows of the batch. Makes an `activityRegularization`.
 * @example
 * model.add(activityL1(1e-5));
 * activityL1({ strength: 1e-5, name: 'sparse' });
 * @throws OptionError for a negative or non-finite λ
 */
export const activityL1: Penalty = penalty('activityL1', 'l1');

/**
 * J gains λ Σ x² / n over the n rows of the batch. Makes an `activityRegularization`.
 * @example
 * model.add(activityL2(1e-4));
 * activityL2({ strength: 1e-4, name: 'small' });
 * @throws OptionError for a negative or non-finite λ
 */
export const activityL2: Penalty = penalty('activityL2', 'l2');
