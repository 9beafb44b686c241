import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Point } from '../../src/contract.ts';
import { grid, random, randomOf, readSpace, sobol, tpe } from '../../src/index.ts';
import { everyPoint, isPointOf, keyOf } from '../../src/space/points.ts';
import { countOf, nthValue } from '../../src/space/values.ts';
import { anyConfig, anyFinite, complete, dimensionsOf, trials } from '../support/spaces.ts';

const samplers = {
  grid: grid({ per: 3 }),
  random: random(),
  sobol: sobol(),
  'sobol, not scrambled': sobol({ scramble: false }),
  tpe: tpe({ startup: 3 }),
};
const runs = { numRuns: 60 };

describe.each(Object.entries(samplers))('%s', (_, sampler) => {
  test('its points have what exists in them, within the bounds, on the steps', () => {
    fc.assert(
      fc.property(anyConfig, config => {
        const { dimensions, at } = readSpace(config);
        for (const { point } of trials(sampler, dimensions, 12)) {
          expect(isPointOf(dimensions, point)).toBe(true);
          const names = dimensions
            .filter(({ when }) => when.every(({ name, branch }) => point[name] === branch))
            .map(({ name }) => name);
          expect(Object.keys(point)).toEqual(names);
          expect(() => at(point)).not.toThrow();
        }
      }),
      runs,
    );
  });

  test('the same arguments give the same point', () => {
    fc.assert(
      fc.property(anyConfig, fc.nat(), (config, seed) => {
        const dimensions = dimensionsOf(config);
        expect(trials(sampler, dimensions, 8, undefined, seed)).toEqual(
          trials(sampler, dimensions, 8, undefined, seed),
        );
      }),
      runs,
    );
  });

  test('no point twice, also while all trials run; then null, once a finite space is used up', () => {
    fc.assert(
      fc.property(anyFinite, fc.boolean(), (config, running) => {
        const dimensions = dimensionsOf(config);
        const all = [...everyPoint(dimensions, of => Array.from({ length: countOf(of) }, (_, k) => nthValue(of, k)))];
        const told = trials(sampler, dimensions, all.length + 5, running ? () => null : undefined);
        const keys = new Set(told.map(({ point }) => keyOf(dimensions, point)));
        expect(keys.size).toBe(told.length);
        if (sampler.name !== 'grid') expect(told.length).toBe(all.length);
      }),
      runs,
    );
  });
});

test('a branch without numbers of its own is taken once, the other goes on', () => {
  const dimensions = dimensionsOf({ a: [{ space: 'choice', of: ['none', { space: 'float', low: 0, high: 1 }] }] });
  for (const sampler of [random(), sobol()]) {
    const taken = trials(sampler, dimensions, 50).map(({ point }) => point['a[0]']);
    expect(taken.length).toBe(50);
    expect(taken.filter(branch => branch === 0)).toHaveLength(1);
  }
});

test('grid: both bounds and what lies evenly between, the last dimension fastest, null at the end', () => {
  const dimensions = dimensionsOf({
    l2: { space: 'float', low: 1e-6, high: 1e-2, log: true },
    keep: { space: 'keepProb', low: 0.3, high: 1 },
    units: { space: 'int', low: 10, high: 20 },
    act: { space: 'choice', of: ['relu', 'tanh'] },
  });
  const points = trials(grid({ per: 3 }), dimensions, 100).map(({ point }) => point);
  const values = (name: string): unknown[] => [...new Set(points.map(point => point[name]))];
  expect(points).toHaveLength(3 * 3 * 3 * 2);
  expect(values('l2')).toEqual([1e-6, 1e-4, 1e-2]);
  expect(values('keep')).toEqual([1, 0.65, 0.3]);
  expect(values('units')).toEqual([10, 15, 20]);
  expect(points.slice(0, 3)).toMatchObject([
    { units: 10, act: 0 },
    { units: 10, act: 1 },
    { units: 15, act: 0 },
  ]);
});

test('grid goes on where other points were told, such as "off"', () => {
  const dimensions = dimensionsOf({ keep: { space: 'keepProb', low: 0.3, high: 0.9 } });
  const off: Point = { keep: 1 };
  expect(grid({ per: 2 }).suggest(dimensions, [complete(0, off, 1)], randomOf(1, 1))).toEqual({ keep: 0.9 });
});

test('typed errors', () => {
  expect(() => grid({ per: 1 })).toThrow(/per/);
  expect(() => sobol({ scramble: 1 } as object)).toThrow(/scramble/);
});
