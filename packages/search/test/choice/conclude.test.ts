import { DataError, OptionError } from '@keepprob/core';
import { tQuantile } from '@keepprob/lens/statistics';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { against } from '../../src/choice/against.ts';
import { conclude } from '../../src/choice/conclude.ts';
import { best, oneStandardError } from '../../src/choice/oneStandardError.ts';
import { candidate, keep } from '../support/candidates.ts';

const off = candidate(0, [8, 9, 7, 9.5], { keep: 1 });
const better = candidate(1, [6, 7.1, 5, 7.4], { keep: 0.5 });
const worse = candidate(2, [10, 11.2, 9, 11.4], { keep: 0.3 });

test('the difference, its error and its interval, by hand', () => {
  // differences −2, −1.9, −2, −2.1: mean −2, variance .02/3; error² = (1/4 + 1/4) .02/3
  const found = against(off, better, { ratio: 0.25 });
  // two are enough: t of one degree 12.7, error √((1/2 + 1/4) .02/3) = .07
  const error = Math.sqrt(0.01 / 3);
  expect(found).toMatchObject({ trial: 1, verdict: 'helps', units: 4, unitsNeeded: 2 });
  expect(found.difference).toBeCloseTo(-2, 12);
  expect(found.error).toBeCloseTo(error, 12);
  expect(found.interval[1]).toBeCloseTo(-2 + tQuantile(0.975, 3) * error, 12);
  expect(against(off, worse, { ratio: 0.25 }).verdict).toBe('hurts');
  expect(against(off, off, { ratio: 0.25 })).toMatchObject({ difference: 0, verdict: 'cannotTell', unitsNeeded: null });
});

test('the verdict is that of the interval, and turns with the sides', () => {
  const values = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(values, values, fc.constantFrom(0, 0.25), (a, b, ratio) => {
      const there = against(candidate(0, a), candidate(1, b), { ratio });
      const back = against(candidate(1, b), candidate(0, a), { ratio });
      const turned = { helps: 'hurts', hurts: 'helps', cannotTell: 'cannotTell' } as const;
      expect(back.verdict).toBe(turned[there.verdict]);
      expect(there.verdict === 'helps').toBe(there.interval[1] < 0);
      // told already: no more than there are; not told: more, or none
      if (there.verdict === 'cannotTell') expect(there.unitsNeeded ?? Infinity).toBeGreaterThanOrEqual(3);
      else expect(there.unitsNeeded).toBeLessThanOrEqual(3);
    }),
  );
});

test('one fold tells nothing', () => {
  expect(against(candidate(0, [9]), candidate(1, [1]), { ratio: 0.25 })).toMatchObject({
    verdict: 'cannotTell',
    unitsNeeded: null,
    units: 1,
  });
});

test('the chosen trial, its error by these results, and the verdict', () => {
  const found = conclude([off, better, worse], { choose: oneStandardError(), off: 0, ratio: 0.25, dimensions: [keep] });
  expect(found.chosen).toBe(better);
  expect(found.value.value).toBeCloseTo(6.375, 12);
  expect(found.against).toMatchObject({ trial: 1, verdict: 'helps' });
});

test('where "off" is chosen, the best of the others is compared', () => {
  const also = candidate(3, [9, 10.1, 8, 10.4]);
  const { chosen, against: told } = conclude([worse, off, also], { choose: best(), off: 0, ratio: 0.25 });
  expect(chosen).toBe(off);
  expect(told).toMatchObject({ trial: 3, verdict: 'hurts' });
});

test('the interval allows for each trial that might have been chosen', () => {
  const alone = conclude([off, better], { choose: best(), off: 0, ratio: 0.25 }).against!;
  const among = conclude([off, better, worse], { choose: best(), off: 0, ratio: 0.25 }).against!;
  expect(alone.interval).toEqual(against(off, better, { ratio: 0.25 }).interval);
  expect(among.interval).toEqual(against(off, better, { ratio: 0.25, among: 2 }).interval);
  for (const side of [0, 1] as const)
    expect(among.interval[side]).toBeCloseTo(
      against(off, better, { ratio: 0.25, confidence: 0.975 }).interval[side],
      9,
    );
});

test('nothing to compare with', () => {
  expect(conclude([off], { choose: best(), off: 0, ratio: 0.25 }).against).toBeNull();
  expect(conclude([better], { choose: best(), off: 0, ratio: 0.25 }).against).toBeNull();
  expect(conclude([better], { choose: best(), ratio: 0.25 }).against).toBeNull();
});

test.each([
  ['no candidates', () => conclude([], { choose: best(), ratio: 0.25 }), DataError, /at least one trial/],
  [
    'results on other folds',
    () => against(off, candidate(1, [1, 2]), { ratio: 0.25 }),
    DataError,
    /trial 1 and trial 0/,
  ],
  ['a negative share', () => against(off, better, { ratio: -1 }), OptionError, /`ratio`/],
  [
    'no chooser',
    () => conclude([off], Object.assign({ choose: best(), ratio: 0 }, { choose: 'best' })),
    OptionError,
    /`choose`/,
  ],
] as const)('%s', (_, f, error, message) => {
  expect(f).toThrow(error);
  expect(f).toThrow(message);
});
