import { describe, expect, test } from 'vitest';
import type { Dimension } from '../../src/contract.ts';
import { byPlace, groupsOf, spreadOf } from '../../src/report/panels/groups.ts';
import { rangeOf } from '../../src/report/panels/range.ts';
import { scaleOf } from '../../src/report/panels/scale.ts';

const placed = (places: readonly number[]) => places.map(at => ({ at, dev: 10 * at, train: null }));

describe('groups of neighbours', () => {
  test('hold every trial once, three at least, and those of one place together', () => {
    for (const count of [1, 2, 3, 5, 7, 30, 101]) {
      const places = Array.from({ length: count }, (_, i) => ((i * 37) % count) / count);
      const groups = groupsOf(placed(places));
      expect(groups.reduce((sum, { trials }) => sum + trials, 0)).toBe(count);
      expect(groups.length).toBeLessThanOrEqual(9);
      if (count >= 3) expect(Math.min(...groups.map(({ trials }) => trials))).toBeGreaterThanOrEqual(3);
      for (const [i, { from }] of groups.entries()) expect(from).toBeGreaterThan(groups[i - 1]?.to ?? -1);
    }
    expect(groupsOf(placed([1, 1, 1, 1, 1, 0])).map(({ trials }) => trials)).toEqual([6]);
    expect(groupsOf([])).toEqual([]);
  });

  test('of a choice, one for each value', () => {
    expect(byPlace(placed([0.25, 0.75, 0.25])).map(({ at, trials }) => [at, trials])).toEqual([
      [0.25, 2],
      [0.75, 1],
    ]);
  });

  test('quartiles lie between neighbours', () => {
    expect(spreadOf([4, 1, 2, 3])).toEqual({ median: 2.5, low: 1.75, high: 3.25 });
    expect(spreadOf([7])).toEqual({ median: 7, low: 7, high: 7 });
    expect(spreadOf([])).toBe(null);
  });
});

describe('the range', () => {
  const calm = [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7];
  test('leaves out what is far worse, and nothing that is better', () => {
    const { domain, beyond, clamp } = rangeOf([...calm, 50], 1);
    expect(beyond).toBe(1);
    expect(domain[1]).toBeLessThan(5);
    expect(clamp(50)).toBe(domain[1]);
    expect(clamp(1.2)).toBe(1.2);
    expect(rangeOf([...calm, -50], 1)).toMatchObject({ beyond: 0 });
    expect(rangeOf([...calm, -50], -1)).toMatchObject({ beyond: 1 });
  });

  test('of one value, equal ones and none is a range', () => {
    for (const values of [[3], [3, 3, 3, 3, 3, 3, 3, 3, 3], [0], []]) {
      const [low, high] = rangeOf(values, 1).domain;
      expect(low).toBeLessThan(high);
    }
  });
});

describe('an axis', () => {
  const number = (more: object): Dimension => ({
    ...{ kind: 'float', name: 'x', when: [], low: 0.001, high: 0.1, log: false, step: undefined, off: undefined },
    ...more,
  });

  test('of a keepProb begins at 1, also where that is out of bounds', () => {
    const { place, off, ticks } = scaleOf(number({ kind: 'keepProb', low: 0.2, high: 0.9, off: 1 }));
    expect([place(1), place(0.2), off]).toEqual([0, 1, 0]);
    expect(place(0.6)).toBeCloseTo(0.5, 12);
    expect(ticks[0]).toEqual({ at: 0, label: '1, off' });
  });

  test('is logarithmic where the space is, with room for an "off" of 0', () => {
    const plain = scaleOf(number({ log: true }));
    expect([plain.place(0.001), plain.place(0.01), plain.place(0.1)].map(at => at.toFixed(9))).toEqual([
      '0.000000000',
      '0.500000000',
      '1.000000000',
    ]);
    expect(plain.ticks.map(({ label }) => label)).toEqual(['0.001', '0.01', '0.1']);
    const aside = scaleOf(number({ log: true, off: 0 }));
    expect(aside.place(0)).toBe(0);
    expect(aside.place(0.001)).toBeGreaterThan(0.05);
    expect(aside.place(0.1)).toBe(1);
    for (const at of [0, 0.3, 0.7, 1]) expect(aside.place(Number(aside.at(at)))).toBeCloseTo(at, 2);
  });

  test('of whole numbers has whole ticks, of a choice one for each value', () => {
    const { ticks } = scaleOf(number({ kind: 'int', low: 1, high: 3, step: 1 }));
    expect(ticks.map(({ label }) => label)).toEqual(['1', '2', '3']);
    const choice: Dimension = { kind: 'choice', name: 'c', when: [], labels: ['a', 'b'], off: 1 };
    expect(scaleOf(choice).ticks).toEqual([
      { at: 0.25, label: 'a' },
      { at: 0.75, label: 'b, off' },
    ]);
    expect(scaleOf(choice).at(0.75)).toBe('b');
  });
});
