import { DataError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import {
  boxShare,
  cutmix,
  cutmixBox,
  cutout,
  cutoutBox,
  erasingBox,
  insideBoxes,
  partners,
  randomErasing,
} from '../../src/index.ts';
import { betas } from '../../src/mixing/betas.ts';
import { changed, distance, images, values } from '../moments.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('inside of boxes, by hand, on every channel', () => {
  const box = { top: 1, bottom: 3, left: 0, right: 1 };
  const inside = insideBoxes([box, { top: 0, bottom: 0, left: 0, right: 2 }], [2, 3, 2, 2]);
  expect(inside.dtype).toBe('bool');
  expect(values(inside)).toEqual([0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, ...Array<number>(12).fill(0)]);
  expect(boxShare(box, [3, 2])).toBe(1 / 3);
});
test('boxes lie in the image, and cutmix covers 1 − λ of it away from the borders', () => {
  const u = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
  const size = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }));
  fc.assert(
    fc.property(size, u, u, u, fc.integer({ min: 1, max: 20 }), ([h, w], a, b, c, side) => {
      for (const { top, bottom, left, right } of [
        cutoutBox(side, a, b, [h, w]),
        cutmixBox(c, a, b, [h, w]),
        erasingBox([0.02, 1], [0.3, 3.3], [a, b, c, a], [h, w]),
      ]) {
        expect(0 <= top && top <= bottom && bottom <= h && 0 <= left && left <= right && right <= w).toBe(true);
      }
    }),
  );
  expect(boxShare(cutmixBox(0.75, 0.5, 0.5, [40, 40]), [40, 40])).toBe(0.25);
  expect(boxShare(cutmixBox(1, 0.5, 0.5, [40, 40]), [40, 40])).toBe(0);
});

const mean = (all: readonly number[]): number => all.reduce((sum, v) => sum + v, 0) / all.length;
const deviation = (all: readonly number[]): number => Math.sqrt(mean(all.map(v => (v - mean(all)) ** 2)));
/** Share of each image that is 0, of images without a 0. */
const emptied = (x: tf.Tensor): number[] => values(tf.mean(tf.cast(tf.equal(x, 0), 'float32'), [1, 2, 3]));

test('cutout fills what its square covers, on average over all centres, within 4σ', () => {
  const [n, side, h, w] = [2000, 5, 8, 7];
  const shares = emptied(changed(cutout(side), { x: { x: tf.ones([n, h, w, 2]) }, y: {} }).x.x!);
  // rows covered by a square of 5 around row c of h, averaged over c: those of c − 2 … c + 2 in the image
  const covered = (length: number) =>
    mean(Array.from({ length }, (_, c) => Math.min(length, c + 3) - Math.max(0, c - 2))) / length;
  expect(Math.abs(mean(shares) - covered(h) * covered(w))).toBeLessThan((4 * deviation(shares)) / Math.sqrt(n));
});
test('random erasing fills its expected share within 4σ, other images stay', () => {
  const [n, size] = [4000, [40, 40] as const];
  const x = tf.ones([n, ...size, 1]);
  const scale = [0.05, 0.25] as const;
  for (const probability of [1, 0.3]) {
    const shares = emptied(changed(randomErasing({ probability, scale }), { x: { x }, y: {} }).x.x!);
    // sides are whole pixels: the mean of round(√(A r)) round(√(A / r)) over a grid of areas and of ln r
    const grid = Array.from({ length: 200 }, (_, i) => (i + 0.5) / 200);
    const boxes = grid.flatMap(a =>
      grid.map(r => {
        const area = (scale[0] + (scale[1] - scale[0]) * a) * 1600;
        const aspect = Math.exp(Math.log(0.3) + (Math.log(3.3) - Math.log(0.3)) * r);
        return (Math.round(Math.sqrt(area * aspect)) * Math.round(Math.sqrt(area / aspect))) / 1600;
      }),
    );
    expect(mean(boxes)).toBeCloseTo((scale[0] + scale[1]) / 2, 2);
    expect(Math.abs(mean(shares) - probability * mean(boxes))).toBeLessThan((4 * deviation(shares)) / Math.sqrt(n));
    const untouched = shares.filter(s => s === 0).length;
    expect(Math.abs(untouched - n * (1 - probability))).toBeLessThanOrEqual(
      4 * Math.sqrt(n * probability * (1 - probability)),
    );
  }
});
test('a rectangle that is too long for the image is shortened, not its area', () => {
  // area ½ of 4 × 40 with height / width 10 would be 28 high: the ratio that fits is 4² / 80
  expect(erasingBox([0.5, 0.5], [10, 10], [0, 0, 0, 0], [4, 40])).toEqual({ top: 0, bottom: 4, left: 0, right: 20 });
});

test('cutmix: the share of the own label is that of own pixels, counted, by the weights of both', () => {
  const n = 64;
  // image i is i everywhere, its label is one-hot i: both tell how much of whom is in a sample
  const row = tf.range(0, n);
  const x = tf.tile(tf.reshape(row, [n, 1, 1, 1]), [1, 9, 7, 2]);
  const batch = {
    x: { x },
    y: { y: tf.oneHot(tf.cast(row, 'int32'), n) },
    sampleWeight: { y: row as tf.Tensor },
  };
  const mixed = changed(cutmix(1), batch);
  const pixels = tf.reshape(mixed.x.x!, [n, -1]).arraySync() as number[][];
  const labels = mixed.y.y!.arraySync() as number[][];
  const weights = values(mixed.sampleWeight!.y);
  let cut = 0;
  for (let i = 0; i < n; i++) {
    const own = pixels[i]!.filter(p => p === i).length / pixels[i]!.length;
    const partner = pixels[i]!.find(p => p !== i);
    const weight = own * i + (1 - own) * (partner ?? i);
    expect(weights[i]).toBeCloseTo(weight, 4);
    if (partner === undefined) {
      expect(labels[i]![i]).toBe(1);
      continue;
    }
    cut++;
    expect(labels[i]![i]).toBeCloseTo((own * i) / weight, 5);
    expect(labels[i]![partner]).toBeCloseTo(((1 - own) * partner) / weight, 5);
  }
  expect(cut).toBeGreaterThan(n / 2);
  expect(mixed.metricY!.y).toBe(batch.y.y);
});
test('cutmix: image labels are cut and pasted alike; other inputs stay; probability 0 is the identity', () => {
  const { x, y } = images([8, 6, 6, 3]);
  const batch = { x: { ...x, age: tf.ones([8, 1]) }, y: { ...y, same: tf.mul(x.image!, 2) } };
  const mixed = changed(cutmix(1), batch);
  expect(distance(mixed.y.same!, tf.mul(mixed.x.image!, 2))).toBe(0);
  expect(mixed.x.age).toBe(batch.x.age);
  const same = changed(cutmix({ alpha: 1, probability: 0 }), batch);
  expect(distance(same.x.image!, x.image!)).toBe(0);
  expect(distance(same.y.label!, y.label!)).toBe(0);
});
test('cutmix refuses class numbers and images of two sizes, naming what to do', () => {
  const { x } = images([2, 4, 4, 1]);
  expect(() => changed(cutmix(1), { x, y: { y: tf.tensor1d([0, 1]) } })).toThrow(/tf\.oneHot/);
  const two = { x: { ...x, small: tf.ones([2, 2, 2, 1]) }, y: { y: tf.ones([2, 2]) } };
  expect(() => changed(cutmix(1), two)).toThrow(DataError);
  expect(() => changed(cutmix(1), two)).toThrow(/input "small".*`input`/);
  expect(changed(cutmix({ alpha: 1, input: 'image' }), two).x.small).toBe(two.x.small);
});

test('partners: one cycle in each block of eight; shards of whole blocks have those of the whole', () => {
  const key = { seed: 3, step: 1, site: 65_536, draw: 0 };
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 4 }), (rows, block) => {
      const first = 8 * block;
      const partner = partners(key, rows, first);
      expect([...partner].sort((a, b) => a - b)).toEqual([...Array(rows).keys()]);
      for (const [i, p] of partner.entries()) {
        expect(Math.floor(p / 8)).toBe(Math.floor(i / 8));
        if (rows - 8 * Math.floor(i / 8) > 1) expect(p).not.toBe(i);
      }
      const whole = partners(key, first + rows);
      expect([...partner].map(p => p + first)).toEqual([...whole.slice(first)]);
    }),
  );
});
test('of blocks that a shard cuts, the rows at hand are partners', () => {
  // rows 5 … 14 of the global batch: 5 to 7 are left of the first block, 8 to 14 of the second
  const partner = [...partners({ seed: 3, step: 1, site: 65_536, draw: 0 }, 10, 5)];
  expect(partner.slice(0, 3).sort()).toEqual([0, 1, 2]);
  expect(partner.slice(3).sort()).toEqual([3, 4, 5, 6, 7, 8, 9]);
});
test('every other row of the block is as likely a partner, within 4σ', () => {
  const n = 1400;
  const counts = Array<number>(8).fill(0);
  for (let step = 0; step < n; step++) counts[partners({ seed: 3, step, site: 65_536, draw: 0 }, 8)[2]!]!++;
  expect(counts[2]).toBe(0);
  for (const [i, count] of counts.entries()) {
    if (i !== 2) expect(Math.abs(count - n / 7)).toBeLessThan(4 * Math.sqrt(n * (1 / 7) * (6 / 7)));
  }
});
test('α = 1 is the uniform distribution of the paper', () => {
  const b = [...betas(1, { seed: 3, step: 0, site: 65_536, draw: 0 }, 8000)].sort((p, q) => p - q);
  // Kolmogorov & Smirnov: sup |F − F_n| < 2.23 / √n at the level of 4σ, 2 exp(−2 · 2.23²) = 1e-4
  const gap = Math.max(...b.map((value, i) => Math.abs(value - (i + 0.5) / b.length)));
  expect(gap).toBeLessThan(2.23 / Math.sqrt(b.length));
});
