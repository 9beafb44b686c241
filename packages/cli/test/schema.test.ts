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
  expect(JSON.parse(kept)).toEqual(jsonSchema());
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
    ['a space in the seed', { ...circles, seed: { space: 'int', low: 1, high: 2 } }],
  ])('%s', (_what, config) => expect(isConfig(config)).toBe(false));
});
