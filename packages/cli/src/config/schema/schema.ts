/** The schema of a config in JSON. Options of layers, plugins and optimizers are checked when these are created. */
import type { TrainingPlugin } from '@keepprob/core';
import * as v from 'valibot';
import type { JsonConfig } from '../config.ts';
import { isPluginValue } from '../make/values.ts';
import { dataSchema } from './dataSchema.ts';
import { atLeast, boolean, either, has, integer, list, number, only, text } from './expected.ts';

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
const frequency = 'an integer ≥ 1, or a list of epochs, counted from 1';
const evaluated = 'true, false, or a number of rows ≥ 1';

/** Objects that have further keys, which depend on the name. */
export const layer = atLeast({ layer: text('a name') }, '{ "layer": name, … }');
export const optimizer = atLeast({ name: text('a name') }, optimizers);
const onePlugin = '{ "plugin": name, … }';
const named = atLeast({ plugin: text('a name') }, onePlugin);
/** A plugin by its name, or already created if the config is a module. */
export const plugin = either(
  onePlugin,
  [named, v.custom<TrainingPlugin>(isPluginValue, onePlugin)],
  (given, byName, made) => (isPluginValue(given) ? made : byName),
);

const entries = {
  model: either(models, [text(models), list(layer, models)], (given, path, layers) =>
    typeof given === 'string' ? path : layers,
  ),
  data: v.pipe(dataSchema, v.description('{ "train": … }')),
  loss: text('the name of a loss'),
  optimizer: either(optimizers, [text(optimizers), optimizer], (given, name, withSettings) =>
    has(given, 'name') ? withSettings : name,
  ),
  metrics: v.optional(v.array(text(), 'a list of names of metrics')),
  plugins: v.optional(v.array(plugin, plugins)),
  seed: v.optional(integer(0)),
  epochs: v.optional(integer(1)),
  batchSize: v.optional(integer(1)),
  dropLast: v.optional(boolean),
  limitBatches: v.optional(integer(1)),
  overfitBatches: v.optional(integer(1)),
  validationBatches: v.optional(integer(1)),
  validationFreq: v.optional(
    either(frequency, [integer(1, frequency), list(integer(1, frequency), frequency)], (given, n, epochs) =>
      Array.isArray(given) ? epochs : n,
    ),
  ),
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
    either(evaluated, [boolean, integer(1, evaluated)], (given, whether, rows) =>
      typeof given === 'boolean' ? whether : rows,
    ),
  ),
  checkpoint: v.optional(checkpoint),
  $schema: v.optional(text('the address of the JSON schema of configs')),
} satisfies Record<keyof JsonConfig, v.GenericSchema>;

/** The schema of `JsonConfig`. */
export const configSchema: v.GenericSchema<JsonConfig> = only(entries, 'an object') as never;
