import {
  definePlugin,
  isSchedule,
  OptionError,
  option,
  type Varying,
  valueAt,
  type Weight,
  type WeightFilter,
  whereOption,
} from '@keepprob/core';
import { ownValue } from '@keepprob/core/driver';

/** Options of `l2`. */
export interface L2Options {
  /** λ ≥ 0, for all weights or by layer name (a layer that is not named has 0). Each may be a schedule or a function. */
  readonly strength: Varying | Readonly<Record<string, Varying>>;
  /** Which weights; kernels by default. */
  readonly where?: WeightFilter;
}

type ByLayer = Readonly<Record<string, Varying>>;

const isByLayer = (strength: L2Options['strength']): strength is ByLayer =>
  typeof strength === 'object' && !isSchedule(strength);

const single = option.varying({ min: 0 });

/**
 * L2 regularization as in Keras: adds λ Σ w² (not ½ λ Σ w²) to J, over kernels. It acts on variables, not on layers: recurrent
 * cells are covered, a shared layer counts once, and frozen weights do not count.
 * @example
 * attach(model, tf.train.adam(1e-3), l2(1e-4));
 * l2({ strength: { hidden1: 1e-3, hidden2: 1e-4 } }); // by layer
 * @throws OptionError for a negative or non-finite λ
 */
export const l2 = definePlugin<L2Options, 'strength'>({
  name: 'l2',
  shorthand: 'strength',
  options: {
    strength: {
      ...option.either(single, option.record(single)),
      expected: `${single.expected}, or an object of these by layer name`,
    },
    where: whereOption(),
  },
  setup: ({ strength, where }) => {
    const named = isByLayer(strength) ? Object.keys(strength) : [];
    const lambdaOf: (weight: Weight) => Varying = isByLayer(strength)
      ? ({ layer }) => ownValue(strength, layer) ?? 0
      : () => strength;
    return {
      l2(weights, at) {
        const picked = weights.filter(where);
        const unknown = named.find(name => !picked.some(w => w.layer === name));
        if (unknown !== undefined) {
          const known = [...new Set(picked.map(w => w.layer))].join(', ');
          throw OptionError.of('l2', 'strength', `names of layers with trained weights (${known})`, unknown);
        }
        return new Map(picked.map(weight => [weight.path, valueAt(lambdaOf(weight), at)]));
      },
    };
  },
});
