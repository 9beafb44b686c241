import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { grid, off, random, sobol, tpe } from '../../src/index.ts';
import { trialsAtMost } from '../../src/samplers/count.ts';
import { anyFinite, dimensionsOf, trials } from '../support/spaces.ts';

const samplers = [grid({ per: 3 }), random(), sobol(), tpe({ startup: 3 })];
const MANY = 200;

describe.each(samplers.map(sampler => [sampler.name, sampler] as const))('%s', (_, sampler) => {
  test('as many trials as it suggests points, whatever was tried before; no more than were asked for', () => {
    fc.assert(
      fc.property(anyFinite, fc.integer({ min: 1, max: 9 }), (config, before) => {
        const dimensions = dimensionsOf(config);
        const points = trials(sampler, dimensions, MANY).map(({ point }) => point);
        const had = points.slice(0, before);
        expect(trialsAtMost(MANY, sampler, dimensions, had)).toBe(points.length);
        expect(trialsAtMost(2, sampler, dimensions, had.slice(0, 1))).toBe(Math.min(2, points.length));
      }),
      { numRuns: 20 },
    );
  });
});

test.each([
  [0.9, 4],
  [1, 3],
])('a grid up to a keepProb of %d: "off" is a trial of its own unless it is among the points', (high, count) => {
  const dimensions = dimensionsOf({ keep: { space: 'keepProb', low: 0.3, high } });
  expect(off(dimensions)).toEqual({ keep: 1 });
  expect(trialsAtMost(40_000, grid({ per: 3 }), dimensions, [])).toBe(count);
});

test('a continuous space has as many as were asked for, one branch of it being finite or not', () => {
  const branch = dimensionsOf({ a: { space: 'choice', of: ['none', { space: 'float', low: 0, high: 1 }] } });
  const behind = dimensionsOf({ x: { space: 'float', low: 0, high: 1 }, a: { space: 'choice', of: ['b', 'c'] } });
  for (const dimensions of [branch, behind]) expect(trialsAtMost(1000, random(), dimensions, [])).toBe(1000);
});
