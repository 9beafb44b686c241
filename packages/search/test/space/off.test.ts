import { OptionError } from '@keepprob/core';
import { expect, test } from 'vitest';
import { choice, float, importance, int, keepProb, off, readSpace, strength } from '../../src/index.ts';

const regularizer = choice([{ kind: 'l2', strength: float(1e-6, 1, { log: true, off: 0 }) }, { kind: 'none' }], {
  off: { kind: 'none' },
});

test('the chosen point with its regularizers switched off; all else stays', () => {
  const { dimensions } = readSpace({ keep: keepProb(0.3, 0.9), rate: float(0.001, 0.1, { log: true }), regularizer });
  expect(off(dimensions, { keep: 0.5, rate: 0.05, regularizer: 0, 'regularizer[0].strength': 0.1 })).toEqual({
    keep: 1,
    rate: 0.05,
    regularizer: 1,
  });
});

test('a branch that "off" enters takes its own "off", or the middle', () => {
  const { dimensions } = readSpace({
    a: choice([{ x: int(1, 9) }, { y: float(0, 1, { off: 0.1 }), z: int(1, 9) }, { z: 'none' }], {
      off: { y: float(0, 1, { off: 0.1 }), z: int(1, 9) },
    }),
  });
  expect(off(dimensions, { a: 0, 'a[0].x': 3 })).toEqual({ a: 1, 'a[1].y': 0.1, 'a[1].z': 5 });
});

test('before anything is chosen: the middle of each scale', () => {
  const { dimensions } = readSpace({
    keep: keepProb(0.3, 1),
    rate: float(0.001, 0.1, { log: true }),
    units: int(8, 24),
    act: choice(['relu', 'tanh']),
  });
  const point = off(dimensions);
  expect(point).toMatchObject({ keep: 1, units: 16, act: 0 });
  expect(point?.rate).toBeCloseTo(0.01, 12);
});

test('null where nothing has an "off"', () => {
  expect(off(readSpace({ rate: float(0, 1) }).dimensions)).toBeNull();
});

const { dimensions } = readSpace({ keep: keepProb(0.3, 1) });
test.each<[string, (wrong: unknown) => unknown]>([
  ['off, dimensions', wrong => off(wrong as [])],
  ['off, chosen', wrong => off(dimensions, wrong as Record<string, number>)],
  ['strength, point', wrong => strength(wrong as Record<string, number>, dimensions)],
  ['strength, dimensions', wrong => strength({}, wrong as [])],
  ['importance, dimensions', wrong => importance(wrong as [], [])],
  ['importance, told', wrong => importance(dimensions, wrong as [])],
])('%s: what is none is refused with a typed error', (_, call) => {
  for (const wrong of [3, null, 'keep']) expect(() => call(wrong)).toThrow(OptionError);
});
