/** The argument of `attach` and `trainingLoop`: an optimizer, alone or with a seed. */
import type * as tf from '@tensorflow/tfjs-core';
import { isOptimizer } from '../optimizer/isOptimizer.ts';
import { OptionError } from '../options/errors.ts';
import * as option from '../options/option.ts';
import { checkOptions } from '../options/options.ts';
import { isTable } from '../options/table.ts';

export interface Seeded {
  readonly optimizer: tf.Optimizer;
  readonly seed?: number;
}

const specs = { optimizer: option.optimizer(), seed: option.optional(option.number({ min: 0, integer: true })) };

/**
 * Normalizes the argument.
 * @throws OptionError for anything else
 */
export function seeded(owner: string, given: tf.Optimizer | Seeded): Seeded {
  if (isOptimizer(given)) return { optimizer: given };
  if (!isTable(given)) throw OptionError.of(owner, 'optimizer', specs.optimizer.expected, given);
  const { optimizer, seed } = checkOptions(owner, specs, given);
  return { optimizer, ...(seed !== undefined && { seed }) };
}
