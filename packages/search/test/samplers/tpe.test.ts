import { OptionError } from '@keepprob/core';
import { expect, test } from 'vitest';
import type { Point, Told } from '../../src/contract.ts';
import { choice, float, int, keepProb, random, randomOf, readSpace, sobol, tpe } from '../../src/index.ts';
import { complete, dimensionsOf, trials } from '../support/spaces.ts';

const { dimensions } = readSpace({
  keep: keepProb(0.3, 1),
  l2: float(1e-6, 1e-2, { log: true }),
  units: int(8, 256, { log: true }),
});

const planted = ({ keep = 0, l2 = 1, units = 1 }: Point): number =>
  (keep - 0.6) ** 2 + (Math.log10(l2) + 4) ** 2 / 16 + Math.log(units / 64) ** 2 / 16;

/** The mean over seeds of the best value among so many trials. */
function meanBest(
  sampler: ReturnType<typeof tpe>,
  of: typeof dimensions,
  f: (point: Point) => number,
  count = 50,
): number {
  const bests = Array.from({ length: 12 }, (_, seed) =>
    Math.min(...trials(sampler, of, count, f, seed).map(({ value }) => value ?? 0)),
  );
  return bests.reduce((sum, best) => sum + best, 0) / bests.length;
}

test('it comes nearer to the best than random points do, in half of the space as well as in all of it', () => {
  expect(meanBest(tpe(), dimensions, planted)).toBeLessThan(0.5 * meanBest(random(), dimensions, planted));
  const conditional = dimensionsOf({
    regularizer: choice([
      'none',
      { l2: float(1e-6, 1e-2, { log: true }) },
      { keep: keepProb(0.3, 1), other: float(0, 1) },
    ]),
  });
  const f = (point: Point): number => {
    if (point.regularizer === 0) return 1;
    if (point.regularizer === 1) return 0.5 + (Math.log10(point['regularizer[1].l2'] ?? 1) + 4) ** 2;
    return ((point['regularizer[2].keep'] ?? 0) - 0.6) ** 2 + ((point['regularizer[2].other'] ?? 0) - 0.2) ** 2;
  };
  expect(meanBest(tpe(), conditional, f)).toBeLessThan(0.5 * meanBest(random(), conditional, f));
});

test('until enough trials are finished, the first sampler suggests; those that run or failed do not count', () => {
  const told: Told[] = [
    ...trials(sobol(), dimensions, 9, planted),
    complete(9, { keep: 0.5, l2: 1e-4, units: 8 }, null),
  ];
  const failed: Told = { number: 10, point: { keep: 0.4, l2: 1e-4, units: 8 }, state: 'failed', value: null };
  const asked = (sampler: ReturnType<typeof tpe>) => sampler.suggest(dimensions, [...told, failed], randomOf(1, 11));
  expect(asked(tpe())).toEqual(asked(sobol()));
  expect(asked(tpe({ first: random() }))).toEqual(asked(random()));
  expect(asked(tpe({ startup: 9 }))).not.toEqual(asked(sobol()));
});

/** Whether suggestions lie near a keepProb of 0.6, and how many of 60. */
function near(told: readonly Told[]): number {
  const [dimension] = dimensions;
  const points = Array.from({ length: 60 }, (_, seed) =>
    tpe().suggest(dimension ? [dimension] : [], told, randomOf(seed, told.length)),
  );
  return points.filter(point => Math.abs((point?.keep ?? 0) - 0.6) < 0.03).length;
}

test('trials that run, and those that failed, keep others away from their place', () => {
  const told = trials(random(), dimensions.slice(0, 1), 30, planted, 3);
  const more = (state: Told['state']) => [
    ...told,
    ...Array.from(
      { length: 6 },
      (_, i): Told => ({ number: 30 + i, point: { keep: 0.59 + i * 0.004 }, state, value: null }),
    ),
  ];
  const without = near(told);
  expect(without).toBeGreaterThan(30);
  expect(near(more('running'))).toBeLessThan(without / 2);
  expect(near(more('failed'))).toBeLessThan(without / 2);
});

test('workers that ask one after another, before anything is told, look at different places', () => {
  const told = trials(random(), dimensions.slice(0, 1), 30, planted, 3);
  const asked = [...told];
  for (let number = 30; number < 38; number++) {
    const point = tpe().suggest(dimensions.slice(0, 1), asked, randomOf(3, number));
    if (point) asked.push(complete(number, point, null));
  }
  const keeps = asked
    .slice(30)
    .map(({ point }) => point.keep ?? 0)
    .toSorted();
  expect(new Set(keeps).size).toBe(8);
  expect((keeps.at(-1) ?? 0) - (keeps[0] ?? 0)).toBeGreaterThan(0.1);
});

test('points that are not of the space, such as "off", change nothing', () => {
  const narrow = dimensionsOf({ keep: keepProb(0.3, 0.9), l2: float(1e-6, 1e-2, { log: true, off: 0 }) });
  const told = trials(tpe(), narrow, 20, planted);
  const off: Told = complete(20, { keep: 1, l2: 0 }, 0);
  const suggest = (of: readonly Told[]) => tpe().suggest(narrow, of, randomOf(5, 21));
  expect(suggest([...told, off])).toEqual(suggest(told));
});

test('it goes by the numbers of trials, not by the order in which they come', () => {
  const told = trials(tpe(), dimensions, 60, planted);
  expect(tpe().suggest(dimensions, told, randomOf(1, 60))).toEqual(
    tpe().suggest(dimensions, told.toReversed(), randomOf(1, 60)),
  );
});

test('typed errors', () => {
  for (const options of [{ startup: 0 }, { candidates: 0.5 }, { first: {} }, { gamma: 1 }])
    expect(() => tpe(options as object)).toThrow(OptionError);
});
