/** Writes one layer as a Keras call. */
import { isModel } from '@keepprob/core/driver';
import { ConvertError } from '../errors.ts';
import * as messages from '../messages.ts';
import { plainOf } from '../network/plain.ts';
import type { Settings } from '../network/settings.ts';
import type { Bound, Held } from '../network/terms.ts';
import { call, keywords, literal, type Value } from '../python/literal.ts';
import type { Layer } from '../torch/site.ts';
import { classes, type Written } from './classes.ts';

/** State shared by the whole script. */
export interface KerasScript {
  readonly held: readonly Held[];
  readonly helpers: Set<'keras2_hard_sigmoid' | 'gelu_tanh'>;
  readonly notes: Set<string>;
}

/** @throws ConvertError always */
export function refuse(layer: Layer, label: string, reason: string): never {
  const className = layer.getClassName();
  const message = messages.untranslatable('exportKeras', label, className, reason);
  throw new ConvertError('untranslatable', message, { layer: label, className });
}

const snake = (name: string): string => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);

/** Activations with other names in TF.js. */
const renamed: Readonly<Record<string, string>> = { swish: 'silu', logSoftmax: 'log_softmax' };

function activation(script: KerasScript, name: string): string {
  if (name === 'hardSigmoid' || name === 'hard_sigmoid') return helper(script, 'keras2_hard_sigmoid');
  if (name === 'gelu_new' || name === 'geluNew') return helper(script, 'gelu_tanh');
  return literal(renamed[name] ?? snake(name));
}

function helper(script: KerasScript, name: 'keras2_hard_sigmoid' | 'gelu_tanh'): string {
  script.helpers.add(name);
  return name;
}

const isValue = (value: unknown): value is Value =>
  value === null ||
  ['number', 'string', 'boolean'].includes(typeof value) ||
  (Array.isArray(value) && value.every(isValue));

/** A setting in the notation of Keras. */
function setting(script: KerasScript, key: string, value: unknown): string {
  if (/activation$/i.test(key) && typeof value === 'string') return activation(script, value);
  if (key === 'dataFormat' && typeof value === 'string') return literal(snake(value));
  return literal(isValue(value) ? value : null);
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Defaults of TensorFlow.js that differ in Keras, for configs without these settings. */
const unsaid: Readonly<Record<string, unknown>> = { resetAfter: false };

function args(script: KerasScript, config: Settings, { first = [], more = {}, names = {} }: Written): string[] {
  const named = Object.entries(more).flatMap(([key, usual]) => {
    const value = config[key] ?? unsaid[key] ?? null;
    if (same(value, usual) || (value === null && usual !== null && typeof usual !== 'undefined')) return [];
    return [`${names[key] ?? snake(key)}=${setting(script, key, value)}`];
  });
  return [...first.map(key => setting(script, key, config[key])), ...named];
}

function regularizer({ l1, l2 }: Held): string | undefined {
  if (!l1 && !l2) return undefined;
  const of = 'keras.regularizers';
  if (!l1) return `${of}.L2(${literal(l2)})`;
  return l2 ? `${of}.L1L2(${literal(l1)}, ${literal(l2)})` : `${of}.L1(${literal(l1)})`;
}

function constraint(layer: Layer, label: string, { bounds }: Held): string | undefined {
  const [bound, ...others] = bounds;
  if (others.length) return refuse(layer, label, 'a weight has two constraints, and Keras takes one.');
  return bound && `keras.constraints.${written(bound)}`;
}

function written(bound: Bound): string {
  if (bound.kind === 'nonNegative') return 'NonNeg()';
  const axis = `axis=${bound.axes.length === 1 ? bound.axes[0] : `[${bound.axes.join(', ')}]`}`;
  if (bound.kind === 'unitNorm') return `UnitNorm(${axis})`;
  if (bound.kind === 'maxNorm') return `MaxNorm(${literal(bound.most)}, ${axis})`;
  return `MinMaxNorm(${[bound.least, bound.most, bound.rate].map(literal).join(', ')}, ${axis})`;
}

/** Arguments such as `kernel_regularizer=…`, for the weights of a layer. */
function terms({ held }: KerasScript, layer: Layer, label: string): string[] {
  return held
    .filter(({ weight }) => layer.weights.includes(weight.weight))
    .flatMap(one =>
      keywords({
        [`${one.argument}_regularizer`]: regularizer(one),
        [`${one.argument}_constraint`]: constraint(layer, label, one),
      }),
    );
}

const innerOf = (layer: Layer, field: 'layer' | 'forwardLayer'): Layer | undefined => {
  const inner: unknown = Reflect.get(layer, field);
  return typeof inner === 'object' && inner !== null && 'getClassName' in inner ? (inner as Layer) : undefined;
};

const joined: Readonly<Record<string, true>> = { concat: true, sum: true, mul: true, ave: true };

/** The call of a layer, such as `layers.Dense(8, activation="relu", name="hidden")`. */
export function layerCall(script: KerasScript, layer: Layer, label: string, name: string, indent: string): string {
  const own = [...(layer.trainable ? [] : ['trainable=False']), `name=${literal(name)}`];
  const wrapper = layer.getClassName();
  if (wrapper === 'TimeDistributed' || wrapper === 'Bidirectional') {
    const inner = innerOf(layer, wrapper === 'Bidirectional' ? 'forwardLayer' : 'layer');
    if (!inner || isModel(inner)) return refuse(layer, label, 'the wrapped object is not a layer.');
    const { mergeMode } = layer.getConfig();
    const mode =
      wrapper === 'Bidirectional' && mergeMode !== 'concat' ? [`merge_mode=${literal(modeOf(mergeMode))}`] : [];
    return call(
      `layers.${wrapper}`,
      [layerCall(script, inner, label, inner.name, `${indent}    `), ...mode, ...own],
      indent,
    );
  }
  const { className, config, ends } = plainOf(layer);
  for (const end of ends) script.notes.add(`Layer ${layer.name}: ${end} changed over time; this is its last value.`);
  const known = Object.hasOwn(classes, className) ? classes[className] : undefined;
  if (!known) return refuse(layer, label, 'Keras has no layer that computes the same.');
  if (className === 'UpSampling2D' && config.interpolation === 'bilinear')
    return refuse(layer, label, 'Keras’ bilinear interpolation has other corners. Use interpolation: nearest.');
  return call(
    `layers.${known.as ?? className}`,
    [...args(script, config, known), ...terms(script, layer, label), ...own],
    indent,
  );
}

const modeOf = (mode: unknown): string | null =>
  typeof mode === 'string' && Object.hasOwn(joined, mode) ? mode : null;
