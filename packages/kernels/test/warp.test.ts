/** Transform against the formula in double precision, and against TF.js' cpu backend for what that does right. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byOurs, onCpu, withEachBuild } from './support/builds.ts';
import { floats, runs, sizeOf, take } from './support/numbers.ts';

type Four = [number, number, number, number];
type Interpolation = 'nearest' | 'bilinear';
type FillMode = 'constant' | 'nearest' | 'reflect';
interface Case {
  readonly shape: Four;
  readonly size: [number, number];
  readonly interpolation: Interpolation;
  readonly fillMode: FillMode;
  /** Eight numbers for each image, or for all. */
  readonly maps: readonly Float32Array[];
  readonly seed: number;
}
const FILL = 7.5;

/** What lies at these places of one channel of one image. */
function valueAt(at: (row: number, column: number) => number, row: number, column: number, how: Interpolation): number {
  if (how === 'nearest') return at(Math.floor(row + 0.5), Math.floor(column + 0.5));
  const [top, left] = [Math.floor(row), Math.floor(column)];
  const [down, right] = [row - top, column - left];
  const across = (r: number): number => (1 - right) * at(r, left) + right * at(r, left + 1);
  return (1 - down) * across(top) + down * across(top + 1);
}

function inside(at: number, length: number, mode: FillMode): number {
  if (mode === 'constant') return at;
  const period = 2 * length;
  const turned = mode === 'reflect' ? at - period * Math.floor(at / period) : at;
  const mirrored = mode === 'reflect' && turned >= length ? period - turned - 1 : turned;
  return Math.min(Math.max(mirrored, 0), length - 1);
}

function expected({ shape, size, interpolation, fillMode, maps }: Case, x: Float32Array): Float64Array {
  const [batch, height, width, channels] = shape;
  const y: number[] = [];
  for (let i = 0; i < batch; i++) {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = maps[i % maps.length]!;
    for (let oy = 0; oy < size[0]; oy++) {
      for (let ox = 0; ox < size[1]; ox++) {
        const depth = g * ox + h * oy + 1;
        const [column, row] = [(a * ox + (b * oy + c)) / depth, (d * ox + (e * oy + f)) / depth];
        for (let channel = 0; channel < channels; channel++) {
          const at = (r: number, q: number): number =>
            r >= 0 && r < height && q >= 0 && q < width
              ? x[((i * height + r) * width + q) * channels + channel]!
              : FILL;
          const place = [inside(row, height, fillMode), inside(column, width, fillMode)] as const;
          y.push(depth === 0 ? FILL : valueAt(at, ...place, interpolation));
        }
      }
    }
  }
  return Float64Array.from(y);
}

const transformed = ({ shape, size, interpolation, fillMode, maps, seed }: Case): tf.Tensor => {
  const x = tf.tensor(floats(sizeOf(shape), seed), shape) as tf.Tensor4D;
  const rows = tf.tensor2d(
    maps.flatMap(map => [...map]),
    [maps.length, 8],
  );
  return tf.image.transform(x, rows, interpolation, fillMode, FILL, size);
};

const side = fc.integer({ min: 1, max: 9 });
const factor = fc.double({ min: -2, max: 2, noNaN: true });
const turned = fc.constantFrom(1, -1);
/** Whole and half pixels among them. */
const shift = fc.oneof(
  fc.double({ min: -30, max: 30, noNaN: true }),
  fc.integer({ min: -24, max: 24 }).map(n => n / 2),
);
const bent = fc.double({ min: -0.3, max: 0.3, noNaN: true });
const none = fc.constant(0);
const map = fc
  .oneof(
    fc.tuple(factor, factor, shift, factor, factor, shift, none, none),
    // flips and shifts, also by a shear
    fc.tuple(turned, fc.constantFrom(0, 0.5), shift, none, turned, shift, none, none),
    fc.tuple(factor, factor, shift, factor, factor, shift, bent, bent),
    // infinitely far away where x = 2
    fc.tuple(factor, none, shift, none, factor, shift, fc.constant(-0.5), none),
  )
  .map(terms => Float32Array.from(terms));
const cases: fc.Arbitrary<Case> = fc
  .record({
    shape: fc.tuple(fc.integer({ min: 1, max: 3 }), side, side, side),
    size: fc.tuple(side, side),
    interpolation: fc.constantFrom<Interpolation>('nearest', 'bilinear'),
    fillMode: fc.constantFrom<FillMode>('constant', 'nearest', 'reflect'),
    all: fc.array(map, { minLength: 3, maxLength: 3 }),
    forAll: fc.boolean(),
    seed: fc.nat(),
  })
  .map(({ all, forAll, ...rest }) => ({ ...rest, maps: all.slice(0, forAll ? 1 : rest.shape[0]) }));

withEachBuild(stock => {
  test('the formula, over all modes, sizes and kinds of maps', () => {
    fc.assert(
      fc.property(cases, c => {
        const actual = take(byOurs(stock, () => tf.tidy(() => transformed(c))));
        const wanted = expected(c, floats(sizeOf(c.shape), c.seed));
        expect(actual.length).toBe(wanted.length);
        for (const [i, value] of actual.entries()) {
          if (c.interpolation === 'nearest') expect(value).toBe(wanted[i]);
          // weights are rounded to float32, values are below 7.5
          else expect(Math.abs(value - wanted[i]!)).toBeLessThan(1e-5);
        }
      }),
      runs(300),
    );
  });

  test.each<Interpolation>(['nearest', 'bilinear'])('the cpu backend, on its first image: %s', interpolation => {
    fc.assert(
      fc.property(cases, ({ shape: [, ...one], maps, ...rest }) => {
        // there a coordinate far left of the image is not mirrored
        fc.pre(rest.fillMode !== 'reflect');
        const c: Case = { ...rest, interpolation, shape: [1, ...one], maps: maps.slice(0, 1) };
        const theirs = onCpu(() => transformed(c).dataSync<'float32'>());
        const ours = take(byOurs(stock, () => tf.tidy(() => transformed(c))));
        // ties fall either way, for sums in another order
        const apart = [...ours].filter((value, i) => Math.abs(value - theirs[i]!) > 1e-5).length;
        expect(apart).toBeLessThanOrEqual(interpolation === 'nearest' ? ours.length / 20 : 0);
      }),
      runs(60),
    );
  });

  test('maps that are not finite show the fill value', () => {
    const bad = [Number.NaN, Infinity, -Infinity].map((term, i) =>
      Float32Array.from({ length: 8 }, (_, k) => (k === i ? term : 0)),
    );
    for (const fillMode of ['constant', 'nearest', 'reflect'] as const) {
      const c: Case = { shape: [3, 4, 4, 2], size: [2, 2], interpolation: 'bilinear', fillMode, maps: bad, seed: 1 };
      expect([...take(byOurs(stock, () => tf.tidy(() => transformed(c))))]).toEqual(new Array(24).fill(FILL));
    }
  });

  test('stock does what is left: wrap, and images without pixels', () => {
    const x = tf.ones<tf.Rank.R4>([1, 2, 2, 1]);
    const [same, none] = [tf.tensor2d([[1, 0, 0, 0, 1, 0, 0, 0]]), tf.zeros<tf.Rank.R4>([0, 2, 2, 1])];
    stock.clear();
    tf.dispose([tf.image.transform(x, same, 'nearest', 'wrap'), tf.image.transform(none, same, 'nearest', 'constant')]);
    expect(stock.calls()).toEqual([tf.Transform, tf.Transform]);
    tf.dispose([x, same, none]);
  });
});
