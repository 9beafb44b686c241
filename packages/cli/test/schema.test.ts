/** The JSON schema of configs: what the checks accept it accepts, and what they refuse by a key or a name it refuses. */
import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { jsonSchema } from '../src/config/schema/jsonSchema.ts';
import { config as circles } from './support/circles.ts';
import { config as iris } from './support/iris.ts';

const ajv = new Ajv({ strict: false });
const isConfig = ajv.compile(jsonSchema());
const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
const examples = [...readme.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = '']) => JSON.parse(text));

test('is a schema, and the one that is kept', async () => {
  expect(ajv.validateSchema(jsonSchema())).toBe(true);
  const kept = await readFile(new URL('../config.schema.json', import.meta.url), 'utf8');
  // what is kept says more of options: what their types do
  const described: string[] = [];
  const withoutWords = (json: unknown): unknown =>
    JSON.parse(
      JSON.stringify(json, (key, value) => (key === 'description' && described.push(value) ? undefined : value)),
    );
  expect(withoutWords(JSON.parse(kept))).toEqual(withoutWords(jsonSchema()));
  expect(described.filter(text => / Takes (a number|an integer)/.test(text)).length).toBeGreaterThan(50);
});

/** Every value that a part of the schema lets an editor propose. */
const proposed = (schema: unknown): unknown[] =>
  typeof schema !== 'object' || schema === null
    ? []
    : Object.entries(schema).flatMap(([key, part]) => (key === 'enum' ? part : proposed(part)));

describe('completes', () => {
  const { properties, $defs } = jsonSchema() as Record<string, Record<string, unknown>>;
  test.each<[string, unknown, string]>([
    ['losses', properties?.loss, 'categoricalCrossentropy'],
    ['metrics', properties?.metrics, 'accuracy'],
    ['optimizers', properties?.optimizer, 'amsgrad'],
    ['layers', $defs?.layer, 'spatialDropout2D'],
    ['activations', $defs?.activation, 'relu'],
    ['initializers', $defs?.initializer, 'heNormal'],
    ['regularizers', $defs?.regularizer, 'l1l2'],
    ['constraints', $defs?.constraint, 'maxNorm'],
    ['plugins', $defs?.plugin, 'earlyStopping'],
    ['words of a plugin', $defs?.plugin, 'min'],
  ])('%s', (_, part, name) => expect(proposed(part)).toContain(name));
});

describe('accepts', () => {
  const data = {
    ...circles.data,
    types: { a: { hash: 4 } },
    impute: 'median',
    validation: { fraction: 0.2, stratify: false },
  };
  test.each<[string, object]>([
    ...examples.map((config, i): [string, object] => [`example ${i} of the README`, config]),
    ['circles', circles],
    ['a search', iris],
    ['its own address', { $schema: './config.schema.json', ...circles }],
    ['columns as they are', { ...circles, data }],
    ['a saved model', { ...circles, model: 'runs/model.json', optimizer: 'adam' }],
    ['a layer of others', { ...circles, model: [{ layer: 'keepprob-plugin-x', any: 1 }] }],
    ['a plugin of others', { ...circles, plugins: [{ plugin: '@me/keepprob-plugin-x#y', any: 1 }] }],
    ['a space of losses', { ...circles, loss: { space: 'choice', of: ['hinge', 'poisson'] } }],
    [
      'an initializer with its options',
      {
        ...circles,
        model: [{ layer: 'dense', units: 2, kernelInitializer: { className: 'HeNormal', config: { seed: 1 } } }],
      },
    ],
    ['padding of numbers', { ...circles, model: [{ layer: 'zeroPadding2d', padding: [1, 1] }] }],
    ['a wrapper', { ...circles, model: [{ layer: 'weightNorm', of: { layer: 'dense', units: 2, name: 'last' } }] }],
    ['plugins around others', { ...circles, plugins: [{ plugin: 'oneOf', of: [{ plugin: 'mixup', alpha: 0.2 }] }] }],
    ['a plugin of some weights', { ...circles, plugins: [{ plugin: 'l2', strength: 1, where: { layers: ['a'] } }] }],
    [
      'a schedule',
      { ...circles, plugins: [{ plugin: 'l2', strength: { schedule: 'cosine', from: 1, to: 0, steps: 9 } }] },
    ],
  ])('%s', (_, config) => expect(isConfig(config) || isConfig.errors).toBe(true));
});

describe('refuses', () => {
  const { loss: _, ...withoutLoss } = circles;
  test.each<[string, object]>([
    ['a key that is misspelt', { ...circles, epoch: 3 }],
    ['a key of data', { ...circles, data: { ...circles.data, colums: [] } }],
    ['no loss', withoutLoss],
    ['epochs of 0', { ...circles, epochs: 0 }],
    ['epochs as text', { ...circles, epochs: '3' }],
    ['a layer that is misspelt', { ...circles, model: [{ layer: 'dence', units: 3 }] }],
    ['an option of a layer', { ...circles, model: [{ layer: 'dense', unit: 3 }] }],
    ['an activation', { ...circles, model: [{ layer: 'dense', units: 3, activation: 'rellu' }] }],
    ['a plugin that is misspelt', { ...circles, plugins: [{ plugin: 'earlystopping' }] }],
    ['an option of a plugin', { ...circles, plugins: [{ plugin: 'l2', strenght: 3 }] }],
    ['an optimizer', { ...circles, optimizer: { name: 'adams' } }],
    ['an optimizer by its name alone', { ...circles, optimizer: 'adams' }],
    ['a loss', { ...circles, loss: 'categorical_crossentropy' }],
    ['a metric', { ...circles, metrics: ['f1'] }],
    ['an initializer', { ...circles, model: [{ layer: 'dense', units: 3, kernelInitializer: 'he_normal' }] }],
    ['a regularizer', { ...circles, model: [{ layer: 'dense', units: 3, kernelRegularizer: 'l2' }] }],
    ['padding', { ...circles, model: [{ layer: 'conv1d', filters: 3, kernelSize: 3, padding: 'same-ish' }] }],
    ['a mode of a plugin', { ...circles, plugins: [{ plugin: 'earlyStopping', mode: 'lowest' }] }],
    ['a switch of a plugin', { ...circles, plugins: [{ plugin: 'earlyStopping', restoreBest: 'yes' }] }],
    ['a space in the seed', { ...circles, seed: { space: 'int', low: 1, high: 2 } }],
  ])('%s', (_what, config) => expect(isConfig(config)).toBe(false));
});
