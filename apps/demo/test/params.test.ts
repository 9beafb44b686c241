import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { admit, defaults, fromHash, names, type Param, params, type Settings, toHash } from '../src/lib/params.ts';

const anyValueOf = (param: Param): fc.Arbitrary<number> =>
  param.control === 'integer' ? fc.integer({ min: param.min, max: param.max }) : fc.constantFrom(...param.stops);
const anySettings = fc.record(
  Object.fromEntries(names.map(name => [name, anyValueOf(params[name])])),
) as fc.Arbitrary<Settings>;

describe('the address of the page', () => {
  test('holds all settings', () => {
    fc.assert(
      fc.property(anySettings, settings => {
        expect(fromHash(toHash(settings))).toEqual(settings);
      }),
    );
  });

  test('says nothing about defaults', () => {
    expect(toHash(defaults)).toBe('');
    expect(fromHash('')).toEqual(defaults);
  });

  test('is read forgivingly: any text gives values that the controls can take', () => {
    expect(fromHash('#keepProb1=0&seed=-3&lambda=NaN&trainSize=900&colour=red&maxNorm=')).toEqual({
      ...defaults,
      keepProb1: 0.1,
      seed: 0,
      trainSize: 1000,
    });
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.string(), (name, text) => {
        const settings = fromHash(`#${name}=${text}`);
        for (const each of names) expect(admit(params[each], settings[each])).toBe(settings[each]);
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
