/** Folds within folds, for an error that the choice of hyperparameters has not seen. */
import { type OptionSpecs, option } from '@keepprob/core';
import { checkOptions } from '@keepprob/core/driver';
import type { Rows, Split, Splitter } from '../contract.ts';
import { derivedSeed } from './order.ts';

/** Options of `nested`. */
export interface NestedOptions {
  /** Its validation rows measure what was chosen. */
  readonly outer: Splitter;
  /** Splits the training rows of each outer fold, for the choice. */
  readonly inner: Splitter;
}

/** An outer fold. */
export interface NestedSplit extends Split {
  /** Folds of its training rows, by their numbers in the data: search on these, then measure what was chosen on `validation`. */
  readonly inner: readonly Split[];
}

/** Makes outer folds that hold inner ones. */
export interface Nested extends Splitter {
  /** @throws OptionError or DataError where these rows cannot be split like that */
  split(rows: Rows, seed: number): readonly NestedSplit[];
}

const splitter = option.custom<Splitter>(
  'a splitter such as kFold()',
  value => typeof value === 'object' && value !== null && 'split' in value && typeof value.split === 'function',
);

const specs: OptionSpecs<NestedOptions> = { outer: splitter, inner: splitter };

/**
 * Nested cross-validation: the training rows of each outer fold are split again. Hyperparameters are chosen on the inner folds, and the outer validation rows, which
 * had no say in it, measure the choice. Groups, classes and time hold on both levels.
 *
 * Varma & Simon, "Bias in error estimation when using cross-validation for model selection", BMC Bioinformatics 7:91, 2006.
 * @example
 * const folds = nested({ outer: kFold({ k: 5 }), inner: kFold({ k: 4 }) }).split({ count: 100 }, 7);
 * folds.map(({ inner }) => inner.length); // [4, 4, 4, 4, 4]
 * const [{ inner: [{ train, validation }] }] = folds;
 * [train.length, validation.length]; // [60, 20]
 * @throws OptionError for what is no splitter
 */
export function nested(options: NestedOptions): Nested {
  const { outer, inner } = checkOptions<NestedOptions>('nested', specs, options);
  const told = ({ name, options: ofOne }: Splitter) => ({ name, options: ofOne });
  return {
    name: 'nested',
    options: { outer: told(outer), inner: told(inner) },
    split: (rows, seed) =>
      outer.split(rows, seed).map((split, i) => ({
        ...split,
        inner: inner.split({ ...rows, only: split.train }, derivedSeed(seed, 'inner', i)),
      })),
  };
}
