import {
  definePlugin,
  type Moment,
  OptionError,
  option,
  type Varying,
  valueAt,
  type Weight,
  type WeightFilter,
  whereOption,
} from '@keepprob/core';

/** Options of `l2`. */
export interface L2Options {
  /** λ ≥ 0, for all weights or by layer name (a layer that is not named has 0). Each may be a schedule or a function. */
  readonly strength: Varying | Readonly<Record<string, Varying>>;
  /** Which weights; kernels by default. */
  readonly where?: WeightFilter;
}

const lambdaOf = (options: Required<L2Options>, weight: Weight, at: Moment): number => {
  const given = options.strength;
  if (typeof given === 'object' && !('schedule' in given)) return valueAt(given[weight.layer] ?? 0, at);
  return valueAt(given as Varying, at);
};

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
  setup: options => {
    const named = isTable(options.strength) ? Object.keys(options.strength) : [];
    return {
      l2(weights, at) {
        const picked = weights.filter(options.where);
        const unknown = named.find(name => !picked.some(w => w.layer === name));
        if (unknown !== undefined) {
          const known = [...new Set(picked.map(w => w.layer))].join(', ');
          throw OptionError.of('l2', 'strength', `names of layers with trained weights (${known})`, unknown);
        }
        return new Map(picked.map(weight => [weight.path, lambdaOf(options, weight, at)]));
      },
    };
  },
});

function isTable(value: unknown): value is Readonly<Record<string, Varying>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('schedule' in value);
}
