import { DataError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { autoContrast, posterize, randAugment, sharpen, solarize } from '../../src/index.ts';
import { changed, distance, images, values } from '../moments.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const row = (values: number[]): tf.Tensor4D => tf.tensor4d(values, [1, 1, values.length, 1]);
const levels = (t: tf.Tensor): number[] => values(t).map(v => Math.round(v * 255));

test('solarize inverts what is bright', () => {
  expect(values(solarize(row([0, 0.25, 0.5, 1]), 0.5, [0, 1]))).toEqual([0, 0.25, 0.5, 0]);
  expect(values(solarize(row([-1, 0.5, 0.75]), 0.25, [-1, 1]))).toEqual([-1, -0.5, -0.75]);
});
test('posterize clears the lower bits of a byte', () => {
  const all = Array.from({ length: 256 }, (_, i) => i);
  for (const bits of [1, 4, 8]) {
    const cleared = levels(posterize(row(all.map(v => v / 255)), bits, [0, 1]));
    expect(cleared).toEqual(all.map(v => v & ~(2 ** (8 - bits) - 1)));
    expect(values(posterize(row(all), bits, [0, 255])).map(Math.round)).toEqual(cleared);
  }
});
test('auto contrast stretches each channel of each image; a flat one stays', () => {
  const x = tf.tensor4d([0.25, 0.5, 0.5, 0.5, 0.75, 0.5, 0.3, 0.1, 0.3, 0.2, 0.3, 0.3], [2, 3, 1, 2]);
  const stretched = values(autoContrast(x, [0, 1]));
  for (const [i, v] of [0, 0.5, 0.5, 0.5, 1, 0.5, 0.3, 0, 0.3, 0.5, 0.3, 1].entries()) {
    expect(stretched[i]).toBeCloseTo(v, 6);
  }
});
test('sharpness 1 is the identity, 0 the weighted mean of the neighbours', () => {
  const point = tf.tensor4d([0, 0, 0, 0, 13, 0, 0, 0, 0], [1, 3, 3, 1]);
  const both = tf.concat([point, point, point]) as tf.Tensor4D;
  const [same, smooth, sharp] = tf.unstack(sharpen(both, [1, 0, 2])) as [tf.Tensor, tf.Tensor, tf.Tensor];
  expect(values(same)).toEqual(values(point));
  for (const [i, v] of values(smooth).entries()) expect(v).toBeCloseTo(i === 4 ? 5 : 1, 5);
  for (const [i, v] of values(sharp).entries()) expect(v).toBeCloseTo(i === 4 ? 21 : -1, 5);
  const flat = tf.fill([1, 3, 3, 2], 0.5) as tf.Tensor4D;
  expect(distance(sharpen(flat, [0]), flat)).toBeLessThan(1e-6);
});

test('one operation per sample: 13 kinds, each as likely, the identity among them', () => {
  const n = 1300;
  const one = images([1, 6, 6, 3]).x.image!;
  const x = tf.tile(one, [n, 1, 1, 1]);
  const after = changed(randAugment({ count: 1 }), { x: { x }, y: {} }).x.x!;
  const changes = values(tf.max(tf.abs(tf.sub(after, x)), [1, 2, 3]));
  const same = changes.filter(d => d === 0).length;
  expect(Math.abs(same - n / 13)).toBeLessThan(4 * Math.sqrt(n * (1 / 13) * (12 / 13)));
  // 9 operations have a sign: 9 × 2 + autoContrast, posterize, solarize, identity
  const kinds = new Set(
    tf.unstack(after).map(t =>
      values(t)
        .map(v => v.toFixed(4))
        .join(),
    ),
  );
  expect(kinds.size).toBe(22);
});
test('magnitude 0 changes nothing but the contrast that auto contrast finds and the 8 bits of posterize', () => {
  const x = tf.tensor4d(
    Array.from({ length: 64 * 16 }, (_, i) => (i % 16) / 15),
    [64, 4, 4, 1],
  );
  expect(distance(changed(randAugment({ count: 3, magnitude: 0 }), { x: { x }, y: {} }).x.x!, x)).toBeLessThan(1e-6);
});
test('pixels stay in their range; [0, 255] is [0, 1], 255 times as large', () => {
  const batch = images([26, 5, 5, 3]);
  const after = changed(randAugment({ count: 3, magnitude: 10 }), batch).x.image!;
  expect(Math.min(...values(after))).toBeGreaterThanOrEqual(0);
  expect(Math.max(...values(after))).toBeLessThanOrEqual(1);
  const large = changed(randAugment({ count: 1, magnitude: 5, valueRange: [0, 255] }), {
    ...batch,
    x: { image: tf.mul(batch.x.image!, 255) },
  }).x.image!;
  const small = changed(randAugment({ count: 1, magnitude: 5 }), batch).x.image!;
  expect(distance(tf.div(large, 255), small)).toBeLessThan(1e-5);
});
test('each row gets what it would get alone', () => {
  const batch = images([20, 6, 6, 3]);
  const whole = changed(randAugment({ count: 3 }), batch).x.image!;
  const alone = Array.from({ length: 20 }, (_, i) => {
    const row = { x: { image: tf.slice(batch.x.image!, [i, 0, 0, 0], [1, 6, 6, 3]) }, y: {} };
    return changed(randAugment({ count: 3 }), row, { rows: [i, i + 1] }).x.image!;
  });
  expect(distance(whole, tf.concat(alone))).toBeLessThan(1e-6);
});
test('labels that are images move along', () => {
  const { x } = images([40, 8, 8, 1]);
  const mask = tf.ones([40, 8, 8, 1], 'int32');
  const after = changed(randAugment({ count: 1, magnitude: 10 }), { x, y: { mask } });
  const kept = values(tf.mean(tf.cast(after.y.mask!, 'float32'), [1, 2, 3]));
  expect(kept.some(share => share === 1)).toBe(true);
  // a translation by 0.45 of 8 pixels = 3.6 shows 4 or 5 of 8 rows
  expect(kept.some(share => share < 0.7)).toBe(true);
});
test('two channels are refused', () => {
  expect(() => changed(randAugment(), images([2, 4, 4, 2]))).toThrow(DataError);
});
