/** Factories say what they are: name and options, so that no list of them is kept by hand. */
import { describe, expect, test } from 'vitest';
import { definitionOf } from '../../src/catalogue.ts';
import { definePlugin, option } from '../../src/index.ts';
import { defineLayer, defineReparametrization } from '../../src/layers.ts';

const options = { strength: option.number({ min: 0, fallback: 1 }) };
type Options = { strength?: number };

describe('definitionOf', () => {
  test.each<[string, unknown]>([
    ['a plugin', definePlugin<Options>({ name: 'mine', options, setup: () => ({}) })],
    ['a layer', defineLayer<Options>({ name: 'mine', className: 'Mine', options, forward: x => x })],
    ['a wrapper', defineReparametrization<Options>({ name: 'mine', className: 'Mine', options, kernel: w => w })],
  ])('%s carries its name and its options', (_, factory) => {
    const definition = definitionOf(factory);
    expect(definition?.name).toBe('mine');
    expect(Object.entries(definition?.options ?? {}).map(([name, { fallback }]) => [name, fallback])).toEqual([
      ['strength', 1],
    ]);
  });
  test.each([undefined, null, {}, { definition: { name: 'mine', options } }, () => 1, 'definition'])(
    '%j has none',
    value => expect(definitionOf(value)).toBeUndefined(),
  );
});
