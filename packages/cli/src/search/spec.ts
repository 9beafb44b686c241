/** The key `search` of a config: the metric, the folds, and the way of searching. */
import * as v from 'valibot';
import { integer, number, only, text } from '../config/schema/expected.ts';

/** A part by its name, or by its name with options: `"random"`, `{ "kFold": { "k": 10 } }`. */
export type Named = string | Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The search settings of a config. Flags of the command line override them. */
export interface SearchSpec {
  /** `kFold`, `holdOut` or `timeSeries`; five folds by default, stratified if there are classes. */
  readonly folds?: Named;
  /** The validation log that the search optimizes; `valLoss` by default. */
  readonly metric?: string;
  /** Whether lower or higher is better; decided by its name by default. */
  readonly mode?: 'auto' | 'min' | 'max';
  /** The number of points to try, including "off"; 30 by default. */
  readonly trials?: number;
  /** Milliseconds after which no new trial begins. */
  readonly maxTime?: number;
  /** The seed of points, folds, weights and masks; by default that of the config. */
  readonly seed?: number;
  /** `tpe` (the default), `random`, `sobol` or `grid`. */
  readonly sampler?: Named;
  /** `paired` (the default), `none` or `asha`. */
  readonly pruner?: Named;
  /** How many of the best trials are measured again, and on how many fresh partitions; false for none. */
  readonly confirm?: { readonly top?: number; readonly seeds?: number } | false;
  /** Outer folds, in the form of `folds`: the choices of such a search are measured on rows that it has not seen; none by default. */
  readonly nested?: Named;
  /** `oneStandardError` (the default) or `best`. */
  readonly choose?: Named;
}

const named = (example: string) => {
  const expected = `a name, or a name with options such as ${example}`;
  const optioned = v.pipe(
    v.record(v.string(), v.record(v.string(), v.unknown(), expected), expected),
    v.check(parts => Object.keys(parts).length === 1, expected),
  );
  return v.pipe(v.union([text(expected), optioned], expected), v.description(expected));
};

const confirmed = '{ "top": n, "seeds": n }, or false';

/** The schema of `SearchSpec`. */
export const searchSchema: v.GenericSchema<SearchSpec> = only(
  {
    folds: v.exactOptional(named('{ "kFold": { "k": 5 } }')),
    metric: v.exactOptional(text('the name of a log')),
    mode: v.exactOptional(v.picklist(['auto', 'min', 'max'], '"auto", "min" or "max"')),
    trials: v.exactOptional(integer(1)),
    maxTime: v.exactOptional(number('a number of milliseconds > 0', n => n > 0)),
    seed: v.exactOptional(integer(0)),
    sampler: v.exactOptional(named('{ "grid": { "per": 5 } }')),
    pruner: v.exactOptional(named('{ "paired": { "after": 3 } }')),
    confirm: v.exactOptional(
      v.union(
        [
          v.literal(false, confirmed),
          only({ top: v.exactOptional(integer(1)), seeds: v.exactOptional(integer(1)) }, confirmed),
        ],
        confirmed,
      ),
    ),
    nested: v.exactOptional(named('{ "kFold": { "k": 5 } }')),
    choose: v.exactOptional(named('{ "oneStandardError": { "prefer": "weakest" } }')),
  },
  '{ "folds": …, "metric": …, … }',
);
