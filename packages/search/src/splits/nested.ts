/** Folds within folds, for an error estimate that is independent of the choice of hyperparameters. */
import type { OptionSpecs } from '@keepprob/core';
import { checkOptions } from '@keepprob/core/driver';
import type { Rows, Split, Splitter } from '../contract.ts';
import { splitter } from '../parts.ts';
import { checksum } from './checksum.ts';
import { derivedSeed } from './order.ts';

/** Options of `nested`. */
export interface NestedOptions {
  /** Makes the outer folds, whose validation rows measure the choice. */
  readonly outer: Splitter;
  /** Splits the training rows of each outer fold, for the choice. */
  readonly inner: Splitter;
}

/** An outer fold. */
export interface NestedSplit extends Split {
  /** Splits the training rows, by their numbers in the data: the `folds` of a search, whose choice is then measured on `validation`. */
  readonly inner: Splitter;
}

/** Makes outer folds that contain inner ones. It is not a `Splitter`: a search takes the inner splitter of one outer fold. */
export interface Nested {
  /** @throws OptionError or DataError if these rows cannot be split that way */
  folds(rows: Rows, seed: number): readonly NestedSplit[];
}

const specs: OptionSpecs<NestedOptions> = { outer: splitter, inner: splitter };

/**
 * Nested cross-validation: splits the training rows of each outer fold again. Hyperparameters are chosen on the inner folds, and the outer validation
 * rows, which took no part in the choice, measure it. Groups, classes and the order of time are respected on both levels.
 *
 * Varma & Simon, "Bias in error estimation when using cross-validation for model selection", BMC Bioinformatics 7:91, 2006.
 * @example
 * const rows = { count: 100 };
 * for (const { train, validation, inner } of nested({ outer: kFold({ k: 5 }), inner: kFold({ k: 4 }) }).folds(rows, 7)) {
 *   const folds = inner.split(rows, 7); // or search(…, { folds: inner, refit: false }), and the chosen one trained on `train`, measured on `validation`
 *   console.log(folds.length, train.length, folds[0].train.length, validation.length); // 4 80 60 20
 * }
 * @throws OptionError if `outer` or `inner` is not a splitter
 */
export function nested(options: NestedOptions): Nested {
  const { outer, inner } = checkOptions<NestedOptions>('nested', specs, options);
  return {
    folds: (rows, seed) =>
      outer.split(rows, seed).map((split, i) => ({ ...split, inner: within(inner, split.train, i) })),
  };
}

/** Splits only these rows. Its seed differs from that of the outer folds, whose order the inner ones would otherwise repeat. */
const within = (of: Splitter, only: Int32Array, outer: number): Splitter => ({
  name: of.name,
  options: { of: of.options, rows: only.length, checksum: checksum(only), outer },
  split: (rows, seed) => of.split({ ...rows, only }, derivedSeed(seed, 'inner', outer)),
});
