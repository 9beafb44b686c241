/** What a config in JSON may hold. Options of layers, plugins and optimizers are checked by whoever makes them. */
import * as v from 'valibot';
import type { JsonConfig } from './config.ts';

/** The keys of the object that an issue is about, and what each of them should be. */
export const fieldsOf: WeakMap<object, Readonly<Record<string, string>>> = new WeakMap();

type Entries = Readonly<Record<string, v.GenericSchema>>;

/** Remembers for an issue what the object may hold; the message of a check is what it expects. */
const expects =
  (entries: Entries, expected: string) =>
  (issue: v.BaseIssue<unknown>): string => {
    const described = Object.entries(entries).map(([key, entry]) => [key, v.getDescription(entry) ?? 'a value']);
    fieldsOf.set(issue, Object.fromEntries(described));
    return expected;
  };

const only = <E extends Entries>(entries: E, expected: string) => v.strictObject(entries, expects(entries, expected));
const atLeast = <E extends Entries>(entries: E, expected: string) => v.looseObject(entries, expects(entries, expected));

/** A schema that depends on what was given. */
const either = (expected: string, choose: (given: unknown) => v.GenericSchema) =>
  v.pipe(v.lazy(choose), v.description(expected));

const has = (given: unknown, key: string): boolean =>
  typeof given === 'object' && given !== null && Object.hasOwn(given, key);

// each check expects the same as the ones after it, so that whichever fails, the message says all

function integer(min: number, expected = `an integer ≥ ${min}`) {
  return v.pipe(v.number(expected), v.safeInteger(expected), v.minValue(min, expected), v.description(expected));
}
function number(expected: string, accepts: (value: number) => boolean) {
  return v.pipe(v.number(expected), v.finite(expected), v.check(accepts, expected), v.description(expected));
}
function list<S extends v.GenericSchema>(item: S, expected: string, least = 1) {
  return v.pipe(v.array(item, expected), v.minLength(least, expected), v.description(expected));
}
const text = (expected = 'a non-empty string') =>
  v.pipe(v.string(expected), v.nonEmpty(expected), v.description(expected));
const boolean = v.boolean('true or false');

const files = '{ "csv": path }, or { "x": path, "y": path }';
const source = either(files, given =>
  has(given, 'csv') ? only({ csv: text('a path') }, files) : only({ x: text('a path'), y: text('a path') }, files),
);

const share = number('a number > 0 < 1', n => n > 0 && n < 1);
const validation = either(`${files}, or a share > 0 < 1 of the training rows`, given => {
  if (typeof given === 'number') return share;
  if (has(given, 'fraction')) return only({ fraction: share, seed: v.optional(integer(0)) }, '{ "fraction": … }');
  return source;
});

const manyClasses = 'an integer ≥ 2, or the names of at least two classes';
const anyScale = '"standardize", "unit", or { "divideBy": a number other than 0 }';
const oneCharacter = 'one character';

const data = only(
  {
    train: source,
    validation: v.optional(validation),
    label: v.optional(
      either('a column, or several', given =>
        Array.isArray(given) ? list(text(), 'names of columns') : text('a column, or several'),
      ),
    ),
    columns: v.optional(list(text(), 'names of columns')),
    separator: v.optional(v.pipe(v.string(oneCharacter), v.regex(/^[^"\r\n]$/u, oneCharacter))),
    classes: v.optional(
      either(manyClasses, given => (Array.isArray(given) ? list(text(), manyClasses, 2) : integer(2, manyClasses))),
    ),
    scale: v.optional(
      either(anyScale, given =>
        has(given, 'divideBy')
          ? only({ divideBy: number(anyScale, n => n !== 0) }, anyScale)
          : v.picklist(['standardize', 'unit'], anyScale),
      ),
    ),
    shape: v.optional(list(integer(1), 'a list of integers ≥ 1')),
  },
  '{ "train": … }',
);

const steps = '{ "steps": n } with an integer n ≥ 1, n itself, or null';
const checkpoint = only(
  {
    every: v.optional(v.nullable(v.union([integer(1, steps), only({ steps: integer(1, steps) }, steps)], steps))),
    keep: v.optional(integer(1)),
    best: v.optional(v.nullable(text('the name of a log, or null'))),
    mode: v.optional(v.picklist(['auto', 'min', 'max'], '"auto", "min" or "max"')),
  },
  '{ "every": …, "keep": …, "best": …, "mode": … }',
);

const models = 'the path of a model.json, or a list of { "layer": name, … }';
const optimizers = 'a name, or { "name": …, "learningRate": … }';
const plugins = 'a list of { "plugin": name, … }';
const evaluated = 'true, false, or a number of rows ≥ 1';

const entries = {
  model: either(models, given =>
    typeof given === 'string' ? text(models) : list(atLeast({ layer: text('a name') }, '{ "layer": name, … }'), models),
  ),
  data: v.pipe(data, v.description('{ "train": … }')),
  loss: text('the name of a loss'),
  optimizer: either(optimizers, given =>
    has(given, 'name') ? atLeast({ name: text('a name') }, optimizers) : text(optimizers),
  ),
  metrics: v.optional(v.array(text(), 'a list of names of metrics')),
  plugins: v.optional(v.array(atLeast({ plugin: text('a name') }, '{ "plugin": name, … }'), plugins)),
  seed: v.optional(integer(0)),
  epochs: v.optional(integer(1)),
  batchSize: v.optional(integer(1)),
  dropLast: v.optional(boolean),
  limitBatches: v.optional(integer(1)),
  overfitBatches: v.optional(integer(1)),
  maxTime: v.optional(number('a number of milliseconds > 0', n => n > 0)),
  shuffle: v.optional(boolean),
  classWeight: v.optional(
    v.record(
      v.string(),
      number('a number ≥ 0', n => n >= 0),
      'an object of numbers ≥ 0 by class',
    ),
  ),
  trainEvaluation: v.optional(
    either(evaluated, given => (typeof given === 'boolean' ? boolean : integer(1, evaluated))),
  ),
  checkpoint: v.optional(checkpoint),
} satisfies Record<keyof JsonConfig, v.GenericSchema>;

/** The schema of `JsonConfig`. */
export const configSchema: v.GenericSchema<JsonConfig> = only(entries, 'an object') as never;
