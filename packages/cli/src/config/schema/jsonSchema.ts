/** The JSON schema of configs, made from the schemas that check them and the catalogue of techniques. Editors use it to complete keys and names. */
import type { LayerEntry, PluginEntry, ScheduleEntry } from '@keepprob/core/catalogue';
import { isTable } from '@keepprob/core/driver';
import { lossNames, metricNames } from '@keepprob/trainer';
import { searchSchema } from '../../search/spec.ts';
import { named } from '../catalogue.ts';
import { optimizerNames } from '../make/optimizers.ts';
import { layerArguments, stockLayers } from '../make/stockLayers.ts';
import { kindOf, words } from '../make/words.ts';
import { alternativesOf } from './expected.ts';
import { configSchema, layer, optimizer, plugin } from './schema.ts';

type Json = Readonly<Record<string, unknown>>;

/** Parts with their own definitions, since more keys of them are known than the check requires. */
const references: ReadonlyMap<object, string> = new Map<object, string>([
  [layer, 'layer'],
  [plugin, 'plugin'],
  [optimizer, 'optimizer'],
]);

interface Schema {
  readonly type: string;
  readonly pipe?: readonly {
    readonly kind: string;
    readonly type: string;
    readonly requirement?: unknown;
    readonly description?: string;
  }[];
  readonly wrapped?: Schema;
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly item?: Schema;
  readonly options?: readonly unknown[];
  readonly literal?: unknown;
  readonly value?: Schema;
}

const isSchema = (given: unknown): given is Schema => typeof given === 'object' && given !== null && 'type' in given;

/** The JSON schema of the actions in a schema's pipe. */
const asked: Readonly<Record<string, (requirement: unknown) => Json>> = {
  min_value: minimum => ({ minimum }),
  min_length: minItems => ({ minItems }),
  non_empty: () => ({ minLength: 1 }),
  safe_integer: () => ({ type: 'integer' }),
  regex: () => ({ minLength: 1, maxLength: 1 }),
};

function jsonOf(schema: Schema): Json {
  const reference = references.get(schema);
  if (reference !== undefined) return { $ref: `#/$defs/${reference}` };
  const [base = schema, ...actions] = schema.pipe ?? [];
  const description = actions.find(action => action.type === 'description')?.description;
  return Object.assign(
    {},
    ofType(base),
    ...actions.map(({ type, requirement }) => asked[type]?.(requirement)),
    description === undefined ? {} : { description },
  );
}

function ofType(schema: Schema): Json {
  const { type, wrapped, entries = {}, item, options = [], literal, value } = schema;
  const alternatives = alternativesOf.get(schema);
  if (alternatives) return { anyOf: alternatives.map(alternative => jsonOf(alternative)) };
  if (wrapped && type === 'nullable') return { anyOf: [jsonOf(wrapped), { type: 'null' }] };
  if (wrapped) return jsonOf(wrapped);
  if (type === 'array') return { type, ...(item && { items: jsonOf(item) }) };
  if (type === 'picklist') return { enum: options };
  if (type === 'literal') return { const: literal };
  if (type === 'union') return { anyOf: options.filter(isSchema).map(jsonOf) };
  if (type === 'record')
    return { type: 'object', ...(value && value.type !== 'unknown' && { additionalProperties: jsonOf(value) }) };
  if (type === 'strict_object' || type === 'loose_object')
    return {
      type: 'object',
      properties: Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, jsonOf(entry)])),
      required: Object.keys(entries).filter(key => !/optional/.test(entries[key]?.type ?? '')),
      ...(type === 'strict_object' && { additionalProperties: false }),
    };
  return { type };
}

/** An object that is chosen by the name under `key`: the keys that each name allows. */
function byName(key: string, parts: Readonly<Record<string, Json>>, more: Json = {}): Json {
  return {
    type: 'object',
    properties: { [key]: { enum: Object.keys(parts) } },
    required: [key],
    allOf: Object.entries(parts).map(([name, properties]) => ({
      if: { properties: { [key]: { const: name } } },
      // biome-ignore lint/suspicious/noThenProperty: a key of JSON schema
      then: { properties: { [key]: {}, ...more, ...properties }, additionalProperties: false },
    })),
  };
}

type Technique = Pick<LayerEntry | PluginEntry | ScheduleEntry, 'definition' | 'name'>;

/** The docstring of a technique's option. */
type OptionDoc = (technique: string, option: string) => string | undefined;

/** The options of a technique: their docstrings, and the values that they take, in the words of its errors. */
function optionsOf({ definition, name }: Technique, docOf: OptionDoc): Json {
  return Object.fromEntries(
    Object.entries(definition.options).map(([option, spec]) => {
      const fallback = 'fallback' in spec ? spec.fallback : undefined;
      const isPlain = ['string', 'number', 'boolean'].includes(typeof fallback);
      const doc = docOf(name, option);
      const description = doc === undefined ? spec.expected : `${doc} Takes ${spec.expected}.`;
      return [option, { ...takenBy(spec), description, ...(isPlain && { default: fallback }) }];
    }),
  );
}

interface Spec {
  readonly expected: string;
  accepts(value: unknown): boolean;
}

/** The values of an option, if it takes only words, or only true and false. */
function takenBy(spec: Spec): Json {
  const taken = spec.expected === 'true or false' ? { type: 'boolean' } : oneOf(spec);
  return taken ? { anyOf: [taken, space] } : {};
}

/** The words that an option lists as its expected values. */
function oneOf({ expected, accepts }: Spec): Json | undefined {
  const words = [...expected.matchAll(/'([^']+)'/g)].map(([, word]) => word);
  const isWhole = expected === `one of ${words.map(word => `'${word}'`).join(', ')}`;
  return words.length > 0 && isWhole && words.every(word => accepts(word)) ? { enum: words } : undefined;
}

const space = { $ref: '#/$defs/space' };

const stockOptions = (own: object): Json =>
  Object.fromEntries(
    Object.keys(own).map(option => {
      const kind = kindOf(option);
      return [option, kind === undefined ? {} : { $ref: `#/$defs/${kind}` }];
    }),
  );

/** The words that layers of TF.js accept. Values other than strings are checked by the layer. */
const wordsByKind = Object.fromEntries(
  Object.entries(words).map(([kind, known]) => [
    kind,
    { anyOf: [{ enum: Object.keys(known) }, { not: { type: 'string' } }] },
  ]),
);

const mapped = <T>(entries: Readonly<Record<string, T>>, f: (entry: T) => Json): Record<string, Json> =>
  Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, f(entry)]));

const what = {
  where: {
    type: 'object',
    properties: {
      layers: { type: 'array', items: { type: 'string' } },
      roles: { type: 'array', items: { type: 'string' } },
    },
  },
};

/** The names that `fit` accepts, instead of any text. */
const byNames: Json = {
  loss: { enum: lossNames, description: 'the name of a loss' },
  metrics: { type: 'array', items: { enum: metricNames }, description: 'a list of names of metrics' },
  optimizer: {
    anyOf: [{ enum: optimizerNames }, { $ref: '#/$defs/optimizer' }],
    description: 'a name, or { "name": …, "learningRate": … }',
  },
};

/**
 * The whole schema, as JSON.
 * @param docOf returns the docstring of an option; none by default
 */
export function jsonSchema(docOf: OptionDoc = () => undefined): Json {
  const ofLayer = { $ref: '#/$defs/layer' };
  const ofPlugins = { anyOf: [{ $ref: '#/$defs/plugin' }, { type: 'array', items: { $ref: '#/$defs/plugin' } }] };
  const layers = {
    ...mapped(stockLayers, stockOptions),
    bidirectional: { of: ofLayer, mergeMode: {} },
    timeDistributed: { of: ofLayer },
    ...mapped(named('layer'), entry => ({
      ...optionsOf(entry, docOf),
      ...(entry.takes === 'layer' && { of: ofLayer }),
    })),
  };
  const plugins = {
    chain: { of: ofPlugins },
    ...mapped(named('plugin'), entry => ({
      ...optionsOf(entry, docOf),
      ...(entry.takes === 'plugins' && { of: ofPlugins }),
    })),
  };
  const config = jsonOf(configSchema);
  const properties = isTable(config.properties) ? config.properties : {};
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A config of keepprob',
    ...config,
    properties: { ...withSpaces({ ...properties, ...byNames }), search: jsonOf(searchSchema) },
    $defs: {
      ...wordsByKind,
      layer: { anyOf: [byName('layer', layers, stockOptions(layerArguments)), strangers.layer] },
      plugin: { anyOf: [byName('plugin', plugins, what), strangers.plugin] },
      optimizer: { type: 'object', properties: { name: { enum: optimizerNames } }, required: ['name'] },
      space: {
        type: 'object',
        properties: { space: { enum: ['float', 'int', 'keepProb', 'choice'] } },
        required: ['space'],
      },
    },
  };
}

/** A third-party plugin or layer, whose options are not known here. */
const stranger = (key: string): Json => ({
  type: 'object',
  properties: { [key]: { type: 'string', pattern: 'keepprob-plugin-' } },
  required: [key],
});
const strangers = { layer: stranger('layer'), plugin: stranger('plugin') };

/** Keys that may not contain the space of a search. */
const fixed = ['$schema', 'data', 'seed', 'checkpoint'];

const withSpaces = (properties: object): Json =>
  Object.fromEntries(
    Object.entries(properties).map(([key, schema]) => [key, fixed.includes(key) ? schema : { anyOf: [schema, space] }]),
  );
