import { expect, test } from 'vitest';
import { tpe } from '../../../src/index.ts';
import { logCdf, logMass, quantileBetween } from '../../../src/samplers/tpe/normal.ts';
import { parzen, ramp } from '../../../src/samplers/tpe/parzen.ts';
import { split } from '../../../src/samplers/tpe/split.ts';
import { expectNear, optuna, streamOf } from '../../support/optuna.ts';
import { dimensionsOf } from '../../support/spaces.ts';

test('ln Φ, as scipy has it', () => {
  for (const [x, value] of optuna.logCdf) expectNear(logCdf(x), value, 1e-12);
});

test('ln (Φ(b) − Φ(a)), far out in the tails, too', () => {
  for (const [a, b, value] of optuna.logMass) expectNear(logMass(a, b), value, 1e-9);
});

test('quantiles of the truncated normal distribution', () => {
  for (const [q, a, b, value] of [...optuna.quantiles, ...optuna.scipyQuantiles])
    expectNear(quantileBetween(q, a, b), value, 1e-9);
});

test('weights of n observations', () => {
  for (const [n, weights] of optuna.weights) {
    const own = ramp(n);
    expect(own).toHaveLength(n);
    for (const [i, weight] of weights.entries()) expectNear(own[i] ?? Number.NaN, weight, 1e-15);
  }
});

test.each(optuna.densities.map(each => [Object.keys(each.config).join(), each.observed.length, each] as const))(
  'density of %s after %i observations, and what it draws',
  (_, __, { config, observed, points, logDensities, uniforms, drawn }) => {
    const estimator = parzen(dimensionsOf(config), observed);
    for (const [i, point] of points.entries())
      expectNear(estimator.logDensity(point), logDensities[i] ?? Number.NaN, 1e-9);
    const uniform = streamOf(uniforms);
    for (const expected of drawn)
      for (const [name, x] of estimator.draw(uniform)) expectNear(x, expected[name] ?? Number.NaN, 1e-9);
  },
);

test.each(optuna.splits.map(each => [each.told.length, each] as const))(
  '%i trials: which are good',
  (_, { told, below, above }) => {
    const halves = split(told);
    expect(halves.below.map(({ number }) => number)).toEqual(below);
    expect(halves.above.map(({ number }) => number)).toEqual(above);
  },
);

test.each(optuna.suggestions.map(each => [Object.keys(each.config).length, each.told.length, each] as const))(
  'the suggestion in %i dimensions after %i trials, some of them running, from the same uniform numbers',
  (_, __, { config, told, uniforms, point }) => {
    const random = { uniform: streamOf(uniforms), normal: () => 0, seed: 0 };
    const own = tpe({ startup: 1 }).suggest(dimensionsOf(config), told, random);
    expect(Object.keys(own ?? {})).toEqual(Object.keys(point));
    for (const [name, x] of Object.entries(own ?? {})) expectNear(x, point[name] ?? Number.NaN, 1e-9);
  },
);
