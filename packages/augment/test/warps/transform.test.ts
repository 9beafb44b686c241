/** Affine maps against a sampler written from the definition, on the backends whose kernel has faults (see src/transform.ts). */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Affine, affineWarp, compose, type FillMode, flip, rotation, translation, zoom } from '../../src/index.ts';
import { distance, values } from '../moments.ts';

/** Half-sample symmetric: d c b a | a b c d | d c b a, a period of 2 n. */
function reflect(x: number, n: number): number {
  const u = x - 2 * n * Math.floor(x / (2 * n));
  return Math.min(Math.max(u < n ? u : 2 * n - 1 - u, 0), n - 1);
}
const place = (x: number, n: number, mode: FillMode): number =>
  mode === 'reflect' ? reflect(x, n) : mode === 'nearest' ? Math.min(Math.max(x, 0), n - 1) : x;

/** The value that a map shows at (row, column) of the result; undefined where the nearest pixel is a matter of rounding. */
function sample(
  image: number[][],
  [a, b, c, d, e, f]: Affine,
  [row, column]: [number, number],
  { size, mode, fill, nearest }: { size: [number, number]; mode: FillMode; fill: number; nearest: boolean },
): number | undefined {
  const [h, w] = [image.length, image[0]!.length];
  const [x, y] = [column - (size[1] - 1) / 2, row - (size[0] - 1) / 2];
  const u = place(a * x + b * y + c + (w - 1) / 2, w, mode);
  const v = place(d * x + e * y + f + (h - 1) / 2, h, mode);
  const pixel = (r: number, s: number): number => image[r]?.[s] ?? fill;
  if (nearest) {
    const tie = (t: number): boolean => Math.abs(t - Math.floor(t) - 0.5) < 1e-3;
    return tie(u) || tie(v) ? undefined : pixel(Math.round(v), Math.round(u));
  }
  const [r, s] = [Math.floor(v), Math.floor(u)];
  const [below, right] = [v - r, u - s];
  return (
    (1 - below) * ((1 - right) * pixel(r, s) + right * pixel(r, s + 1)) +
    below * ((1 - right) * pixel(r + 1, s) + right * pixel(r + 1, s + 1))
  );
}

const number = (most: number) => fc.double({ min: -most, max: most, noNaN: true });
const map: fc.Arbitrary<Affine> = fc.tuple(number(2), number(2), number(9), number(2), number(2), number(9));
const cases = fc.record({
  size: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 6 })),
  target: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 6 })),
  maps: fc.array(map, { minLength: 1, maxLength: 3 }),
  mode: fc.constantFrom<FillMode>('constant', 'nearest', 'reflect'),
  nearest: fc.boolean(),
});

describe.each(['cpu', 'wasm'])('on %s', backend => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  test('every image goes through its own map, whatever lies outside', () => {
    fc.assert(
      fc.property(cases, ({ size: [h, w], target, maps, mode, nearest }) => {
        const before = tf.memory().numTensors;
        const pixels = maps.map((_, i) =>
          Array.from({ length: h }, (_, r) => Array.from({ length: w }, (_, s) => Math.sin(3 * i + 7 * r + 2 * s))),
        );
        const x = tf.tensor4d(pixels.flat(2), [maps.length, h, w, 1]);
        const interpolation = nearest ? 'nearest' : 'bilinear';
        const warped = affineWarp(x, maps, { interpolation, fillMode: mode, fillValue: 0.5, size: target });
        expect(warped.shape).toEqual([maps.length, ...target, 1]);
        for (const [at, got] of values(warped).entries()) {
          const [i, row, column] = [
            Math.floor(at / (target[0] * target[1])),
            Math.floor(at / target[1]) % target[0],
            at % target[1],
          ];
          const wanted = sample(pixels[i]!, maps[i]!, [row, column], { size: target, mode, fill: 0.5, nearest });
          // coordinates are float32: up to 60 here, an ulp of 4e-6; a fill value borders on a pixel with a slope of at most 2 per pixel
          if (wanted !== undefined) expect(Math.abs(got - wanted)).toBeLessThan(1e-4);
        }
        tf.dispose([x, warped]);
        expect(tf.memory().numTensors).toBe(before);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['constant', 'bilinear'],
    ['reflect', 'bilinear'],
    ['reflect', 'nearest'],
  ] as const)('the identity and flips are exact: %s, %s', (fillMode, interpolation) => {
    const x = tf.randomNormal<tf.Rank.R4>([3, 5, 4, 2]);
    const all = [flip(false, false), flip(true, false), flip(true, true)];
    const wanted = tf.stack([x, tf.reverse(x, [2]), tf.reverse(x, [1, 2])].map((t, i) => tf.gather(t, i)));
    expect(distance(affineWarp(x, all, { fillMode, interpolation }), wanted)).toBe(0);
  });

  test('a quarter of a turn is a transpose and a reversal, counter-clockwise', () => {
    const x = tf.randomNormal<tf.Rank.R4>([2, 5, 5, 3]);
    const turned = tf.reverse(tf.transpose(x, [0, 2, 1, 3]), [1]);
    const quarter = [rotation(Math.PI / 2), rotation(Math.PI / 2)];
    expect(distance(affineWarp(x, quarter, { interpolation: 'nearest' }), turned)).toBe(0);
    for (const fillMode of ['constant', 'reflect', 'nearest'] as const) {
      expect(distance(affineWarp(x, quarter, { fillMode }), turned)).toBeLessThan(1e-5);
    }
  });

  test('integers move by whole pixels and stay integers', () => {
    const x = tf.tensor4d([1, 2, 3, 4], [1, 1, 4, 1], 'int32');
    const moved = affineWarp(x, [translation(0, 1.2)], { fillMode: 'constant' });
    expect(moved.dtype).toBe('int32');
    expect(values(moved)).toEqual([0, 1, 2, 3]);
  });
});

test('composed maps: first the inner one', () => {
  const p = [2, 3] as const;
  const through = ([a, b, c, d, e, f]: Affine, [x, y]: readonly [number, number]) =>
    [a * x + b * y + c, d * x + e * y + f] as const;
  const [outer, inner] = [compose(rotation(0.3), translation(1, -2)), zoom(2, 3)];
  const twice = through(rotation(0.3), through(translation(1, -2), through(inner, p)));
  const once = through(compose(outer, inner), p);
  for (const i of [0, 1] as const) expect(once[i]).toBeCloseTo(twice[i], 12);
});
