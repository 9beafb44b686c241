import { OptionError } from '@keepprob/core';
import { expect, test } from 'vitest';
import { choice, float, importance, keepProb, random, readSpace } from '../../src/index.ts';
import { expectNear, optuna } from '../support/optuna.ts';
import { complete, dimensionsOf, trials } from '../support/spaces.ts';

test.each(
  optuna.importances.map(each => [each.told.length, Object.keys(each.config).length, each.quantile, each] as const),
)("Optuna's PED-ANOVA: %i trials, %i dimensions, best %f", (_, __, target, { config, told, divergences }) => {
  const found = importance(dimensionsOf(config), told, { target });
  if (found.kind !== 'measured') throw new Error(found.kind);
  expect(Object.keys(found.divergences).toSorted()).toEqual(Object.keys(divergences).toSorted());
  for (const [name, value] of Object.entries(found.divergences))
    expectNear(value, divergences[name] ?? Number.NaN, 1e-9);
  expect(Object.values(found.shares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
});

const { dimensions } = readSpace({ keep: keepProb(0.3, 1), noise: float(0, 1), l2: choice(['none', float(0, 1)]) });

test('what decides has the larger share', () => {
  const told = trials(random(), dimensions, 80, ({ keep = 0, noise = 0 }) => (keep - 0.5) ** 2 + 1e-3 * noise);
  const found = importance(dimensions, told);
  expect(found).toMatchObject({ kind: 'measured', trials: 80, best: 8 });
  if (found.kind === 'measured') expect(found.shares.keep).toBeGreaterThan(0.6);
});

test('too few complete trials is an answer', () => {
  const told = trials(random(), dimensions, 12, (_, number) => (number < 9 ? number : null));
  expect(importance(dimensions, told)).toEqual({ kind: 'too few', trials: 9, needed: 10 });
  expect(importance(dimensions, [])).toEqual({ kind: 'too few', trials: 0, needed: 10 });
});

test('points that are not of the space, such as "off", do not count', () => {
  const inside = trials(random(), dimensionsOf({ keep: keepProb(0.3, 0.9) }), 20);
  const off = complete(20, { keep: 1 }, -5);
  const space = dimensionsOf({ keep: keepProb(0.3, 0.9) });
  expect(importance(space, [...inside, off])).toEqual(importance(space, inside));
});

test('equal values: nothing had to do with it', () => {
  const found = importance(
    dimensions,
    trials(random(), dimensions, 20, () => 1),
  );
  expect(found).toMatchObject({ kind: 'measured', best: 20, shares: { keep: 0, noise: 0 } });
});

test('typed error', () => {
  for (const target of [0, 1, -1, Number.NaN])
    expect(() => importance(dimensions, [], { target })).toThrow(OptionError);
});
