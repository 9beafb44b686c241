/** Translates one layer of Keras to TensorFlow.js. */
import { isTable } from '@keepprob/core/driver';
import { ConvertError } from '../errors.ts';
import { shapeOf } from '../layers/statistics.ts';
import * as messages from '../messages.ts';
import { type Rule, rules, unsaid } from './layers.ts';
import { unknownClass } from './unknown.ts';
import { activationIn, constraintIn, initializerIn, regularizerIn, type Version } from './values.ts';
import { nameIn, own, type Table, tableIn, wrong } from './where.ts';

/** A layer in the config that TensorFlow.js reads, with the names of Keras. */
export interface LayerConfig {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** Whether a value is a valid setting: a number, boolean, string, null, or a list of these. */
function isPlain(value: unknown, depth = 0): boolean {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  return depth < 3 && Array.isArray(value) && value.length <= 64 && value.every(item => isPlain(item, depth + 1));
}

const isSame = (a: unknown, b: unknown): boolean =>
  JSON.stringify([a].flat(1)) === JSON.stringify([b].flat(1)) || (Array.isArray(a) && a.every(item => item === b));

/** The context of a layer. */
export interface Around {
  readonly where: string;
  readonly version: Version;
}

/**
 * @param saved `{ class_name, config }` as Keras saves it
 * @throws ConvertError for an unknown class, and for settings that TensorFlow.js does not have
 */
export function layerIn(saved: Table, { where, version }: Around): LayerConfig {
  const { className, config } = asBefore(
    nameIn(own(saved, 'class_name'), where),
    tableIn(own(saved, 'config'), where, 'a config'),
  );
  const rule = Object.hasOwn(rules, className) ? rules[className] : undefined;
  if (!rule) return unknownClass('layer', where, className, Object.keys(rules));
  checkActivity(config, className, where);
  checkOnly(config, rule, className, where);
  return {
    class_name: className,
    config: {
      name: nameIn(own(config, 'name'), where),
      ...(own(config, 'trainable') === false && { trainable: false }),
      ...(unsaid[className] ?? {}),
      ...kept(config, rule, where, version),
      ...numbersIn(config, rule, where),
      ...ofWeights(config, rule, where),
      ...(rule.inside && rule.inside !== 'cell' && { layer: innerOf(config, { where, version }) }),
    },
  };
}

/** Keras 3 has no ThresholdedReLU: it is a ReLU with a threshold. */
function asBefore(className: string, config: Table): { readonly className: string; readonly config: Table } {
  const { max_value: most, negative_slope: slope, threshold, ...others } = config;
  const isThresholded = className === 'ReLU' && typeof threshold === 'number' && threshold > 0 && !most && !slope;
  return isThresholded
    ? { className: 'ThresholdedReLU', config: { ...others, theta: threshold } }
    : { className, config };
}

/** TensorFlow.js cannot call a layer with an `activity_regularizer`. */
function checkActivity(config: Table, className: string, where: string): void {
  if (!isTable(own(config, 'activity_regularizer'))) return;
  const reason = 'it cannot have an activity_regularizer. Put keras.layers.ActivityRegularization after it instead.';
  throw new ConvertError('unknownClass', messages.differs(where, className, reason), { layer: where, className });
}

function checkOnly(config: Table, { only = {} }: Rule, className: string, where: string): void {
  for (const [key, usual] of Object.entries(only)) {
    const value = own(config, key);
    if (value === undefined || value === null || isSame(value, usual)) continue;
    const reason = `it does not support ${key}: ${JSON.stringify(value)}. Save the model without it.`;
    throw new ConvertError('unknownClass', messages.differs(where, className, reason), { layer: where, className });
  }
}

function kept(config: Table, { keep, rename = {} }: Rule, where: string, version: Version): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const key of keep) {
    const value = own(config, key);
    // as a merge mode, null returns the results of both directions; elsewhere it means "not given"
    if (value === undefined || (value === null && key !== 'merge_mode')) continue;
    if (key === 'padding' && value === 'causal') notCausal(where);
    settings[rename[key] ?? key] = settingIn(key, value, where, version);
  }
  return settings;
}

function numbersIn(config: Table, { numbers = [] }: Rule, where: string): Record<string, unknown> {
  const given = numbers.flatMap((key): [string, unknown][] => {
    const value = own(config, key) ?? null;
    if (value === null) return [];
    return [[key, shapeOf(value) ? value : wrong(`${where}, ${key}`, 'a number, or lists of numbers', value)]];
  });
  return Object.fromEntries(given);
}

function notCausal(where: string): never {
  const reason = 'it has no causal padding. Put zeros in front of the sequences yourself, and use padding "valid".';
  throw new ConvertError('unknownClass', messages.differs(where, 'Conv1D', reason), {
    layer: where,
    className: 'Conv1D',
  });
}

function settingIn(key: string, value: unknown, where: string, version: Version): unknown {
  if (key.endsWith('activation')) return activationIn(value, where, version);
  // Keras 2 has a list with one axis for batch norm
  if (key === 'axis' && Array.isArray(value) && value.length === 1) return value[0];
  return isPlain(value) ? value : wrong(`${where}, ${key}`, 'a number, a string or a list', value);
}

function ofWeights(config: Table, { weights = [] }: Rule, where: string): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const weight of weights) {
    settings[`${weight}_initializer`] = initializerIn(own(config, `${weight}_initializer`));
    settings[`${weight}_regularizer`] = regularizerIn(own(config, `${weight}_regularizer`), where);
    settings[`${weight}_constraint`] = constraintIn(own(config, `${weight}_constraint`), where);
  }
  return settings;
}

/** The layer inside a wrapper. */
function innerOf(config: Table, around: Around): LayerConfig {
  const where = `${around.where}, its layer`;
  const inner = tableIn(own(config, 'layer'), where, 'a layer');
  const made = layerIn(inner, { ...around, where });
  const { inside } = rules[made.class_name] ?? {};
  if (inside === 'layer' || inside === 'directions')
    return wrong(where, 'a layer that is not a wrapper', made.class_name);
  return made;
}
