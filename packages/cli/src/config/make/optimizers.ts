/** Optimizers by name: those of TF.js, with their arguments and defaults there, and ours. */
import { type AnyOptionSpecs, checkOptions, type OptionsOf, option } from '@keepprob/core';
import { amsgrad } from '@keepprob/gradients';
import * as tf from '@tensorflow/tfjs';
import { choose } from '../choose.ts';
import type { OptimizerSpec } from '../config.ts';
import { within } from '../within.ts';

type Make = (options: object) => tf.Optimizer;

function made<Specs extends AnyOptionSpecs>(
  name: string,
  options: Specs,
  make: (options: Required<OptionsOf<Specs>>) => tf.Optimizer,
): Make {
  return given => make(checkOptions(name, options, given));
}

const rate = (fallback: number) => ({
  ...option.number({ above: 0, fallback }),
  expected: 'a number > 0; one that changes goes into { "plugin": "schedule", "learningRate": … }',
});
const share = (fallback: number) => option.number({ min: 0, below: 1, fallback });
/** By default that of the backend, 1e-7 in float32. */
const epsilon = option.optional(option.number({ above: 0 }));

const factories: Readonly<Record<string, Make>> = {
  sgd: made('sgd', { learningRate: rate(0.01) }, o => tf.train.sgd(o.learningRate)),
  momentum: made(
    'momentum',
    { learningRate: rate(0.01), momentum: share(0.9), useNesterov: option.boolean({ fallback: false }) },
    o => tf.train.momentum(o.learningRate, o.momentum, o.useNesterov),
  ),
  adam: made('adam', { learningRate: rate(0.001), beta1: share(0.9), beta2: share(0.999), epsilon }, o =>
    tf.train.adam(o.learningRate, o.beta1, o.beta2, o.epsilon),
  ),
  amsgrad: made('amsgrad', { learningRate: rate(0.001), beta1: share(0.9), beta2: share(0.999), epsilon }, amsgrad),
  adamax: made(
    'adamax',
    {
      learningRate: rate(0.002),
      beta1: share(0.9),
      beta2: share(0.999),
      epsilon,
      decay: option.number({ min: 0, fallback: 0 }),
    },
    o => tf.train.adamax(o.learningRate, o.beta1, o.beta2, o.epsilon, o.decay),
  ),
  adadelta: made('adadelta', { learningRate: rate(0.001), rho: share(0.95), epsilon }, o =>
    tf.train.adadelta(o.learningRate, o.rho, o.epsilon),
  ),
  adagrad: made(
    'adagrad',
    { learningRate: rate(0.01), initialAccumulatorValue: option.number({ min: 0, fallback: 0.1 }) },
    o => tf.train.adagrad(o.learningRate, o.initialAccumulatorValue),
  ),
  rmsprop: made(
    'rmsprop',
    {
      learningRate: rate(0.001),
      decay: share(0.9),
      momentum: share(0),
      epsilon,
      centered: option.boolean({ fallback: false }),
    },
    o => tf.train.rmsprop(o.learningRate, o.decay, o.momentum, o.epsilon, o.centered),
  ),
};

export const optimizerNames: readonly string[] = Object.keys(factories);

/** @throws OptionError for an unknown optimizer or option, or a value out of range */
export function optimizerOf(where: string, spec: string | OptimizerSpec): tf.Optimizer {
  const { name, ...options } = typeof spec === 'string' ? { name: spec } : spec;
  const make = choose(where, 'optimizer', name, factories);
  return within(where, () => make(options));
}
