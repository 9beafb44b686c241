import { type Batch, DataError, type TrainingPlugin } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  cropWindow,
  randomAffine,
  randomCrop,
  randomFlip,
  randomRotation,
  randomShear,
  randomTranslation,
  randomZoom,
} from '../../src/index.ts';
import { changed, distance, images, values } from '../moments.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});
const warp = { interpolation: 'nearest', fillMode: 'constant' } as const;

test('flips with probability 1 are tf.reverse, twice they are the identity', () => {
  const batch = images([4, 5, 6, 2]);
  const x = batch.x.image!;
  for (const [options, axes] of [
    [{ horizontal: true }, [2]],
    [{ horizontal: false, vertical: true }, [1]],
    [{ vertical: true }, [1, 2]],
  ] as const) {
    const flip = randomFlip({ ...options, probability: 1 });
    const once = changed(flip, batch);
    expect(distance(once.x.image!, tf.reverse(x, [...axes]))).toBe(0);
    expect(distance(changed(flip, once).x.image!, x)).toBe(0);
    expect(once.y).toEqual(batch.y);
  }
});
test('a flip has its probability: 4σ of a binomial', () => {
  const n = 2000;
  const x = tf.tile(tf.tensor4d([0, 1], [1, 1, 2, 1]), [n, 1, 1, 1]);
  for (const p of [0.5, 0.2]) {
    const flipped = values(changed(randomFlip({ probability: p }), { x: { x }, y: {} }).x.x).filter(
      (_, i) => i % 2 === 0,
    );
    const count = flipped.reduce((sum, v) => sum + v, 0);
    expect(Math.abs(count - n * p)).toBeLessThan(4 * Math.sqrt(n * p * (1 - p)));
  }
});

test.each([
  ['rotation by 0', randomRotation(0)],
  ['zoom by 0', randomZoom(0)],
  ['translation by 0', randomTranslation({ heightFactor: 0, widthFactor: 0 })],
  ['shear by 0', randomShear(0)],
  ['an affine map of nothing', randomAffine({})],
  ['a crop without padding', randomCrop(0)],
  ['flips with probability 0', randomFlip({ vertical: true, probability: 0 })],
])('%s is the identity, exactly', (_, plugin) => {
  const batch = images([3, 7, 4, 3]);
  expect(distance(changed(plugin, batch).x.image!, batch.x.image!)).toBe(0);
});

test('a quarter of a turn, as tf.transpose and tf.reverse', () => {
  const batch = images([3, 6, 6, 2]);
  const turned = tf.reverse(tf.transpose(batch.x.image!, [0, 2, 1, 3]), [1]);
  const quarter = (interpolation: 'nearest' | 'bilinear') =>
    changed(randomRotation({ factor: [0.25, 0.25], interpolation }), batch).x.image!;
  expect(distance(quarter('nearest'), turned)).toBe(0);
  expect(distance(quarter('bilinear'), turned)).toBeLessThan(1e-5);
});
test('directions as in Keras: down, to the right, smaller', () => {
  const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
  const see = (plugin: Parameters<typeof changed>[0]) => values(changed(plugin, { x: { x }, y: {} }).x.x);
  const third = [1 / 3, 1 / 3] as const;
  const still = [0, 0] as const;
  expect(see(randomTranslation({ heightFactor: third, widthFactor: still, ...warp }))).toEqual([
    0, 0, 0, 1, 2, 3, 4, 5, 6,
  ]);
  expect(see(randomTranslation({ heightFactor: still, widthFactor: third, ...warp }))).toEqual([
    0, 1, 2, 0, 4, 5, 0, 7, 8,
  ]);
  expect(see(randomZoom({ heightFactor: [1, 1], ...warp }))).toEqual([0, 0, 0, 0, 5, 0, 0, 0, 0]);
  expect(see(randomZoom({ heightFactor: still, widthFactor: [1, 1], ...warp }))).toEqual([0, 2, 0, 0, 5, 0, 0, 8, 0]);
  expect(see(randomShear({ xFactor: [1, 1], ...warp }))).toEqual([0, 1, 2, 4, 5, 6, 8, 9, 0]);
  expect(see(randomShear({ yFactor: [1, 1], ...warp }))).toEqual([0, 2, 6, 1, 5, 9, 4, 8, 0]);
});
test('randomAffine moves what was turned, sheared and zoomed', () => {
  const batch = images([2, 5, 5, 1]);
  const fixed = (f: number) => [f, f] as const;
  const all = changed(
    randomAffine({ rotation: fixed(0.25), translation: fixed(0.2), interpolation: 'nearest', fillMode: 'constant' }),
    batch,
  );
  const turned = changed(randomRotation({ factor: fixed(0.25), ...warp }), batch);
  const moved = changed(randomTranslation({ heightFactor: fixed(0.2), widthFactor: fixed(0.2), ...warp }), turned);
  expect(distance(all.x.image!, moved.x.image!)).toBe(0);
});

test('a crop is a window of the padded image, every window equally likely', () => {
  const n = 900;
  const pixels = [1, 2, 3, 4];
  const x = tf.tile(tf.tensor4d(pixels, [1, 2, 2, 1]), [n, 1, 1, 1]);
  const crops = tf.reshape(changed(randomCrop(1), { x: { x }, y: {} }).x.x!, [n, 4]).arraySync() as number[][];
  const padded = [
    [0, 0, 0, 0],
    [0, 1, 2, 0],
    [0, 3, 4, 0],
    [0, 0, 0, 0],
  ];
  const windows = [0, 1, 2].flatMap(r =>
    [0, 1, 2].map(s => [padded[r]![s], padded[r]![s + 1], padded[r + 1]![s], padded[r + 1]![s + 1]].join()),
  );
  for (const window of windows) {
    const count = crops.filter(crop => crop.join() === window).length;
    expect(Math.abs(count - n / 9)).toBeLessThan(4 * Math.sqrt(n * (1 / 9) * (8 / 9)));
  }
  expect(crops.every(crop => windows.includes(crop.join()))).toBe(true);
});
test('a crop of another size; one that does not fit is refused', () => {
  const batch = images([2, 6, 5, 1]);
  const cut = changed(randomCrop({ padding: 0, size: [6, 3] }), batch).x.image!;
  expect(cut.shape).toEqual([2, 6, 3, 1]);
  const windows = [0, 1, 2].map(left => tf.slice(batch.x.image!, [0, 0, left, 0], [1, 6, 3, 1]));
  expect(windows.some(window => distance(window, tf.slice(cut, [0, 0, 0, 0], [1, 6, 3, 1])) === 0)).toBe(true);
  expect(() => changed(randomCrop({ padding: 0, size: [7, 3] }), batch)).toThrow(DataError);
  expect(() => changed(randomCrop({ padding: 0, size: [7, 3] }), batch)).toThrow(/input "image".*window of \[7,3\]/);
});
test('cropWindow names corners', () => {
  expect(cropWindow(0, 0, [4, 4], [4, 4])).toEqual([1, 0, 0, 0, 1, 0]);
  expect(cropWindow(1, 2, [2, 2], [4, 4])).toEqual([1, 0, 1, 0, 1, 0]);
});

test('labels that are images move along, metric labels too; integers stay integers', () => {
  const { x } = images([4, 6, 6, 1]);
  const mask = tf.cast(tf.greater(x.image!, 0.5), 'int32');
  const batch = { x, y: { mask, label: tf.ones([4, 2]) }, metricY: { mask, label: tf.zeros([4, 2]) } };
  for (const plugin of [
    randomFlip(),
    randomCrop(2),
    randomRotation({ factor: 0.5, interpolation: 'nearest', fillMode: 'constant' }),
  ]) {
    const after = changed(plugin, batch);
    const seen = tf.cast(tf.greater(after.x.image!, 0.5), 'int32');
    expect(after.y.mask!.dtype).toBe('int32');
    expect(values(after.y.mask)).toEqual(values(seen));
    expect(values(after.metricY!.mask)).toEqual(values(seen));
    expect(after.y.label).toBe(batch.y.label);
  }
});

describe('labels of another size than the images', () => {
  /** A bright block of s × s pixels at (i, j) · s, so that labels of every size show the same. */
  const block = (side: number, s: number, i: number, j: number) =>
    tf.tensor4d(
      Float32Array.from({ length: side * side }, (_, k) => +(Math.floor(k / side / s) === i && Math.floor((k % side) / s) === j)),
      [1, side, side, 1],
    ); // biome-ignore format: one expression
  const warps: Readonly<Record<string, TrainingPlugin>> = {
    randomCrop: randomCrop(4),
    'randomCrop to a size': randomCrop({ padding: 4, size: [8, 8] }),
    randomTranslation: randomTranslation({ heightFactor: 0.25, widthFactor: 0.25, fillMode: 'constant', interpolation: 'nearest' }),
    randomFlip: randomFlip({ vertical: true }),
    randomRotation: randomRotation({ factor: [0.25, 0.25], interpolation: 'nearest' }),
    randomZoom: randomZoom({ heightFactor: [-0.5, 0], interpolation: 'nearest', fillMode: 'constant' }),
  }; // biome-ignore format: one line each
  test.each(Object.entries(warps))('%s moves a label map by the same share', (_, plugin) => {
    for (let step = 0; step < 8; step++) {
      tf.tidy(() => {
        const batch = {
          x: { image: block(16, 4, 1, 2) },
          y: { half: block(8, 2, 1, 2), wide: tf.tile(block(16, 4, 1, 2), [1, 1, 1, 2]) },
        };
        const { x, y } = changed(plugin, batch, { step });
        // the centre of what is bright, in sizes of the picture
        const centre = (t: tf.Tensor): number[] => {
          const [, height, width, channels] = t.shape as [number, number, number, number];
          const points = values(t).flatMap((v, k) => {
            const p = Math.floor(k / channels);
            return v > 0.5 ? [[(Math.floor(p / width) + 0.5) / height, ((p % width) + 0.5) / width] as const] : [];
          });
          return [0, 1].map(axis => points.reduce((sum, p) => sum + p[axis]!, 0) / points.length);
        }; // biome-ignore format: short
        const [image, half, wide] = [centre(x.image!), centre(y.half!), centre(y.wide!)];
        expect(wide).toEqual(image);
        // what is cut off at the border aside, to half a pixel of the label
        if (values(x.image).filter(v => v > 0.5).length < 16) return;
        for (const axis of [0, 1])
          expect(Math.abs(half[axis]! - image[axis]!)).toBeLessThanOrEqual(0.5 / y.half!.shape[1]! + 1e-6);
      });
    }
  });
  test('a window that is no whole number of pixels of a label is a DataError', () => {
    const batch = { x: { image: tf.zeros([1, 9, 9, 1]) }, y: { half: tf.zeros([1, 3, 3, 1]) } } as Batch;
    expect(() => changed(randomCrop({ padding: 1, size: [8, 8] }), batch)).toThrow(DataError);
  });
});
