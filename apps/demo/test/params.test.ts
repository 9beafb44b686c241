import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { params } from '../src/scenes/digits/params.ts';
import {
  admit,
  defaultsOf,
  fromQuery,
  itemsOf,
  namesOf,
  type Param,
  toQuery,
  type Value,
} from '../src/stage/params.ts';

const table = {
  ...params,
  data: {
    control: 'choice',
    group: '',
    label: 'Data',
    hint: '',
    choices: ['moons', 'two circles & more'],
    fallback: 'moons',
    live: false,
    show: (name: string): string => name,
  },
  order: {
    control: 'sequence',
    group: '',
    label: 'Order',
    hint: '',
    choices: ['l1', 'l2', 'dropout'],
    fallback: 'l2,l1',
    live: false,
    show: (names: string): string => names,
  },
} as const;
const names = namesOf(table);
const defaults = defaultsOf(table);

const anyValueOf = (param: Param): fc.Arbitrary<Value> => {
  if (param.control === 'choice') return fc.constantFrom(...param.choices);
  if (param.control === 'own') return fc.constant(param.fallback);
  if (param.control === 'sequence') return fc.shuffledSubarray([...param.choices]).map(names => names.join());
  return param.control === 'integer' ? fc.integer({ min: param.min, max: param.max }) : fc.constantFrom(...param.stops);
};
const anySettings = fc.record(Object.fromEntries(names.map(name => [name, anyValueOf(table[name])]))) as fc.Arbitrary<
  typeof defaults
>;

describe('the address of a scene', () => {
  test('holds all settings', () => {
    fc.assert(
      fc.property(anySettings, settings => {
        expect(fromQuery(table, toQuery(table, settings))).toEqual({ settings, notes: [] });
      }),
    );
  });

  test('says nothing about defaults', () => {
    expect(toQuery(table, defaults)).toBe('');
    expect(fromQuery(table, '')).toEqual({ settings: defaults, notes: [] });
  });

  test('is read forgivingly: what cannot be taken is brought into range, and said', () => {
    const { settings, notes } = fromQuery(
      table,
      'keepProb1=0&seed=-3&lambda=NaN&trainSize=900&colour=red&maxNorm=&data=1&__proto__=2&keepProb2=0.5',
    );
    expect(settings).toEqual({ ...defaults, keepProb1: 0.1, seed: 0, trainSize: 1000, keepProb2: 0.5 });
    expect(notes).toHaveLength(8);
    expect(notes.join('\n')).toContain('keep.prob, hidden 1 cannot be “0”: 0.10 is used.');
    expect(notes.join('\n')).toContain('“colour” in the address is no setting of this page.');
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.string(), (name, text) => {
        const { settings } = fromQuery(table, `${name}=${encodeURIComponent(text)}`);
        for (const each of names) expect(admit(table[each], settings[each])).toBe(settings[each]);
      }),
    );
  });

  test('keepProb is never 0: that would drop the whole layer', () => {
    for (const name of ['keepProbInput', 'keepProb1', 'keepProb2'] as const) {
      expect(Math.min(...params[name].stops)).toBeGreaterThan(0);
      expect(Math.max(...params[name].stops)).toBe(1);
    }
  });
});

test('a list in the address keeps its order; what is not to be had, or comes twice, is left out, and said', () => {
  const { settings, notes } = fromQuery(table, 'order=dropout,l7,l1,dropout');
  expect(itemsOf(settings.order)).toEqual(['dropout', 'l1']);
  expect(notes).toEqual(['Order cannot be “dropout,l7,l1,dropout”: dropout,l1 is used.']);
  expect(itemsOf(fromQuery(table, 'order=').settings.order)).toEqual([]);
});
