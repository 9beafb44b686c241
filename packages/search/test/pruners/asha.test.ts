import { OptionError } from '@keepprob/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asha } from '../../src/pruners/asha.ts';

test('it looks at its rungs and nowhere else', () => {
  const { stop } = asha({ first: 4, factor: 3 });
  const looks = Array.from({ length: 120 }, (_, i) => i + 1).filter(epoch => stop(epoch, 9, [1, 2, 3, 4, 5]));
  expect(looks).toEqual([4, 12, 36, 108]);
});

test('of n that came to a rung, as many go on as the best ⌈n/η⌉, those that tie included', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 2, max: 4 }),
      (values, factor) => {
        const { stop } = asha({ first: 10, factor });
        const passed = values.filter(
          (value, i) =>
            !stop(
              10,
              value,
              values.filter((_, j) => j !== i),
            ),
        );
        expect(passed).toHaveLength(values.length < factor ? values.length : Math.ceil(values.length / factor));
        for (const value of passed)
          expect(values.filter(other => other < value).every(other => passed.includes(other))).toBe(true);
      },
    ),
  );
});

test('units are never counted, and the first rung must be said', () => {
  expect(
    asha({ first: 5 }).prune([
      { value: 9, best: 1 },
      { value: 9, best: 1 },
      { value: 9, best: 1 },
    ]),
  ).toBe(false);
  expect(() => asha({} as { first: number })).toThrow(OptionError);
  expect(() => asha({ first: 5, factor: 1 })).toThrow(/`factor`/);
});
