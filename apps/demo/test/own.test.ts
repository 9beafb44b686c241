import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { brushed, erased } from '../src/scenes/plane/brush.ts';
import { pointsOfCsv } from '../src/scenes/plane/csv.ts';
import { planeData } from '../src/scenes/plane/data.ts';
import { doubtCells, doubtOf } from '../src/scenes/plane/doubt.ts';
import { lengthen, lost, shorten } from '../src/scenes/plane/kept.ts';
import { leastOfClass, mostInLink, mostPoints, obstacleIn, parted, pointsOf, textOf } from '../src/scenes/plane/own.ts';
import { params } from '../src/scenes/plane/params.ts';
import { defaultsOf, fromQuery, toQuery } from '../src/stage/params.ts';
import type { Plane } from '../src/stage/points.ts';

const coordinate = fc.integer({ min: -1150, max: 1150 }).map(thousandth => thousandth / 1000);
const anyPoints = fc
  .array(fc.tuple(coordinate, coordinate, fc.nat(1)), { maxLength: 40 })
  .map((all): Plane => ({ x: all.map(([x, y]) => [x, y]), y: all.map(([, , label]) => label) }));

/** So many of each class, in two heaps. */
const heaps = (zeros: number, ones: number): Plane => ({
  x: Array.from({ length: zeros + ones }, (_, i) => [i < zeros ? -0.5 : 0.5, i / 1000] as const),
  y: Array.from({ length: zeros + ones }, (_, i) => Number(i >= zeros)),
});

describe('own points', () => {
  test('are in the address to the thousandth, four characters each, and come back in their order', () => {
    fc.assert(
      fc.property(anyPoints, points => {
        const own = textOf(points);
        expect(own).toMatch(/^[\w-]*$/);
        expect(own).toHaveLength(4 * points.x.length);
        expect(pointsOf(own)).toEqual(points);
        const settings = { ...defaultsOf(params), data: 'own', own };
        expect(fromQuery(params, toQuery(params, settings))).toEqual({ settings, notes: [] });
      }),
    );
  });

  test('of an address with nonsense are none, and that is said', () => {
    for (const text of ['abc', 'ab%c', '____', 'A'.repeat(4 * mostPoints + 4)]) expect(pointsOf(text).x).toEqual([]);
    expect(fromQuery(params, 'data=own&own=abc').notes).toEqual(['Own points cannot be “abc”: none is used.']);
    fc.assert(fc.property(fc.string(), text => [text, ''].includes(textOf(pointsOf(text)))));
  });

  test('that nothing can be learnt from are refused with the reason', () => {
    expect(obstacleIn(heaps(0, 0))).toMatch(/no points of your own yet/);
    expect(obstacleIn(heaps(9, 0))).toMatch(/of class 0, .*points of the other class/);
    expect(obstacleIn(heaps(leastOfClass, leastOfClass - 1))).toMatch(/At least 5 .* 5 of class 0 and 4 of class 1/);
    expect(obstacleIn({ x: Array.from({ length: 12 }, () => [0.5, 0.5]), y: [...heaps(6, 6).y] })).toMatch(
      /same place/,
    );
    expect(obstacleIn(heaps(leastOfClass, leastOfClass))).toBe('');
  });

  test('are parted by class and seed: three tenths are dev points, and each point is in one part', () => {
    const points = heaps(20, 10);
    const { train, dev } = parted(points, 3);
    expect(parted(points, 3).dev).toEqual(dev);
    expect(parted(points, 4).dev).not.toEqual(dev);
    expect(dev.y.filter(label => label === 0)).toHaveLength(6);
    expect(dev.y.filter(label => label === 1)).toHaveLength(3);
    expect([...train.x, ...dev.x].toSorted((a, b) => a[1] - b[1])).toEqual(points.x);
    expect(planeData({ ...defaultsOf(params), data: 'own', own: textOf(points), seed: 3 }).train).toEqual(train);
  });

  test('are put, and the nearest is erased where one is near', () => {
    const points = brushed(brushed({ x: [], y: [] }, [0, 0], 1), [0.05, 0], 0);
    expect(points).toEqual({
      x: [
        [0, 0],
        [0.05, 0],
      ],
      y: [1, 0],
    });
    expect(erased(points, [0.04, 0]).y).toEqual([1]);
    expect(erased(points, [0.9, 0])).toEqual(points);
  });

  test('too many for a link are kept by the tab, and the link says so', () => {
    const kept = new Map<string, string>();
    Object.assign(globalThis, {
      sessionStorage: {
        getItem: (key: string) => kept.get(key) ?? null,
        setItem: (key: string, value: string) => kept.set(key, value),
      },
    });
    const few = `data=own&own=${textOf(heaps(mostInLink, 0))}`;
    const many = `data=own&own=${textOf(heaps(mostInLink, 1))}`;
    expect(lost('data=own&own=kept')).toBe(true);
    expect(lengthen('data=own&own=kept')).toBe('data=own');
    expect(shorten(few)).toBe(few);
    expect(shorten(many)).toBe('data=own&own=kept');
    expect(lengthen('data=own&own=kept')).toBe(many);
    expect(lost('data=own&own=kept')).toBe(false);
  });
});

describe('a table in a file', () => {
  const rows = (separator: string, ...cells: (string | number)[][]): string =>
    cells.map(row => row.join(separator)).join('\r\n');
  const good = [
    [10, 1.5, 'no'],
    [20, 2.5, 'yes'],
    [30, 3.5, 'no'],
    [20, 2, 'yes'],
  ];

  test.each([',', ';', '\t', '|', ' '])('with “%s” between fields, with a header or without', separator => {
    for (const header of [[], [['height', 'weight', 'ill']]]) {
      const read = pointsOfCsv(rows(separator, ...header, ...good));
      expect(read).toMatchObject({
        points: {
          x: [
            [-1, -1],
            [0, 0],
            [1, 1],
            [0, -0.5],
          ],
          y: [0, 1, 0, 1],
        },
        told: expect.stringMatching(header.length ? /4 points: “height” .*“no” of “ill” is class 0/ : /“column 1”/),
      });
    }
  });

  test('of other columns, quoted names, commas in numbers, empty lines and a mark at its beginning', () => {
    const text = '\uFEFF"kind; really";name;x;y\n1;a;0,5;-1\n\n2;b;1,5;1\n1;c;1;0\n';
    expect(pointsOfCsv(text)).toMatchObject({
      points: {
        x: [
          [-1, -1],
          [1, 1],
          [0, 0],
        ],
        y: [0, 1, 0],
      },
      told: expect.stringMatching(/“1” of “kind; really” is class 0, “2” class 1/),
    });
  });

  test.each([
    ['', /no table/],
    ['just some words', /no table|two different/],
    ['a,b\n1,2\n', /no table/],
    ['1,2,a\n3,4\n', /no table/],
    ['a\0b', /no text/],
    [rows(',', [1, 2, 'a'], [3, 4, 'a']), /All 2 rows are of one class, “a”/],
    [rows(',', [1, 2, 'a'], [3, 4, 'b'], [5, 6, 'c']), /No column has two different values.* has 3/],
    [rows(',', [1, 'red', 'a'], [2, 'blue', 'b'], [3, 'green', 'a']), /must be two columns of numbers/],
    [rows(',', ['x', 'y', 'c'], [1, 2, 'a'], ['', 3, 'b'], [3, 4, 'a'], [5, 7, 'b']), /a number is missing \(row 2/],
    [rows(',', [1, 2, 'a'], [1, 2, 'b'], [1, 2, 'b']), /same place/],
    [rows(',', ...Array.from({ length: mostPoints + 1 }, (_, i) => [i, i, i % 2])), /2,001 rows; at most 2,000/],
  ])('that cannot be used is refused with the reason: %#', (text, reason) => {
    const read = pointsOfCsv(text);
    expect('trouble' in read && read.trouble).toMatch(reason);
  });
});

test('doubt is the spread of thinned networks: none where nothing hangs on what is dropped', () => {
  // one unit per layer that always fires: the answer is σ(8 · kept / keep.prob − 4)
  const layer = (weight: number, bias: number) => ({ kernel: Float32Array.of(weight), bias: Float32Array.of(bias) });
  const hidden = { kernel: Float32Array.of(0, 0), bias: Float32Array.of(1) };
  const certain = doubtOf([hidden, layer(0, 2)], 0.5, 1);
  expect(certain).toHaveLength(doubtCells ** 2);
  expect(Math.max(...certain)).toBe(0);
  const doubt = doubtOf([hidden, layer(8, -8)], 0.5, 1);
  // ½ kept: answers σ(8) and σ(−8), nearly 1 and 0; their deviation is √(p(1 − p)) of the share p kept
  expect(new Set(doubt).size).toBe(1);
  expect(doubt[0]! / 510).toBeGreaterThan(0.4);
  expect(doubt[0]! / 510).toBeLessThanOrEqual(0.5);
});
