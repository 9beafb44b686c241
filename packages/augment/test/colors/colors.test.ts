import { DataError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import {
  addNoise,
  adjustColors,
  type ColorChange,
  colorJitter,
  hueMatrix,
  inputNoise,
  randomGrayscale,
} from '../../src/index.ts';
import { changed, distance, images, values } from '../moments.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const none: ColorChange = { brightness: 1, contrast: 1, saturation: 1, hue: 0 };

/** One change of one image [height × width pixels of channels], from the definition, one operation after the other. */
function byHand(pixels: number[][], { brightness, contrast, saturation, hue }: ColorChange, black: number): number[][] {
  const weights = [0.299, 0.587, 0.114];
  const luma = (p: number[]): number => (p.length === 1 ? p[0]! : p.reduce((sum, v, i) => sum + v * weights[i]!, 0));
  const bright = pixels.map(p => p.map(v => black + brightness * (v - black)));
  const mean = bright.reduce((sum, p) => sum + luma(p), 0) / bright.length;
  const contrasted = bright.map(p => p.map(v => contrast * v + (1 - contrast) * mean));
  if (pixels[0]!.length === 1) return contrasted;
  const saturated = contrasted.map(p => p.map(v => saturation * v + (1 - saturation) * luma(p)));
  // Rodrigues: a turn about the unit vector (1, 1, 1) / √3
  const [cos, sin] = [Math.cos(2 * Math.PI * hue), Math.sin(2 * Math.PI * hue)];
  return saturated.map(p => {
    const [r, g, b] = p as [number, number, number];
    const gray = (r + g + b) / 3;
    const cross = [b - g, r - b, g - r].map(v => v / Math.sqrt(3));
    return p.map((v, i) => v * cos + cross[i]! * sin + gray * (1 - cos));
  });
}

test.each([
  [3, 0],
  [3, -1],
  [1, 0.25],
])('%i channels, black %f: one matrix is the four operations in order', (channels, black) => {
  const changes: ColorChange[] = [
    { brightness: 1.3, contrast: 0.6, saturation: 1.4, hue: 0.2 },
    { brightness: 0.7, contrast: 1.5, saturation: 0.2, hue: -0.45 },
    none,
    { ...none, contrast: 0 },
  ];
  const x = tf.randomUniform<tf.Rank.R4>([4, 3, 2, channels], black, 1, 'float32', 5);
  const pixels = tf.reshape(x, [4, 6, channels]).arraySync() as number[][][];
  const got = tf.reshape(adjustColors(x, changes, black), [4, 6, channels]).arraySync() as number[][][];
  for (const [i, change] of changes.entries()) {
    const wanted = byHand(pixels[i]!, change, black).flat();
    for (const [j, v] of got[i]!.flat().entries()) expect(Math.abs(v - wanted[j]!)).toBeLessThan(2e-6);
  }
});
test('no change is the identity, exactly', () => {
  const batch = images([3, 4, 4, 3]);
  expect(distance(changed(colorJitter({}), batch).x.image!, batch.x.image!)).toBe(0);
  expect(distance(changed(randomGrayscale(0), batch).x.image!, batch.x.image!)).toBe(0);
  const noiseless = changed(inputNoise(0), batch).x.image!;
  expect(distance(noiseless, batch.x.image!)).toBe(0);
});
test('a third of a turn of the hue: red becomes green, green blue, blue red', () => {
  const permuted = [
    [0, 0, 1],
    [1, 0, 0],
    [0, 1, 0],
  ];
  for (const [i, row] of hueMatrix(1 / 3).entries()) {
    for (const [j, v] of row.entries()) expect(v).toBeCloseTo(permuted[i]![j]!, 12);
  }
});
test('jitter draws from [1 − b, 1 + b], for each image, and clips', () => {
  const n = 500;
  const x = tf.fill([n, 2, 2, 1], 0.5);
  const factors = values(
    tf.slice(changed(colorJitter({ brightness: 0.4 }), { x: { x }, y: {} }).x.x!, 0, [n, 1, 1, 1]),
  );
  expect(Math.min(...factors)).toBeGreaterThanOrEqual(0.3);
  expect(Math.max(...factors)).toBeLessThanOrEqual(0.7);
  // uniform: mean 0.5, standard deviation 0.4 / √12
  const mean = factors.reduce((sum, v) => sum + v, 0) / n;
  expect(Math.abs(mean - 0.5)).toBeLessThan((4 * (0.4 / Math.sqrt(12))) / Math.sqrt(n));
  const clipped = values(changed(colorJitter({ brightness: 5, valueRange: [0, 0.6] }), { x: { x }, y: {} }).x.x);
  expect(Math.min(...clipped)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...clipped)).toBe(Math.fround(0.6));
});
test('[0, 255] is [0, 1], 255 times as large', () => {
  const batch = images([5, 4, 4, 3]);
  const options = { brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.2 };
  const small = changed(colorJitter(options), batch).x.image!;
  const large = changed(colorJitter({ ...options, valueRange: [0, 255] }), {
    ...batch,
    x: { image: tf.mul(batch.x.image!, 255) },
  }).x.image!;
  expect(distance(tf.div(large, 255), small)).toBeLessThan(1e-6);
});
test('gray: all channels are the luma, some samples only', () => {
  const batch = images([40, 3, 3, 3]);
  const gray = changed(randomGrayscale(0.5), batch).x.image!;
  const luma = tf.sum(tf.mul(batch.x.image!, tf.tensor1d([0.299, 0.587, 0.114])), 3, true);
  let grays = 0;
  for (let i = 0; i < 40; i++) {
    const row = (t: tf.Tensor) => tf.slice(t, i, 1);
    const isGray = distance(row(gray), tf.tile(row(luma), [1, 1, 1, 3])) < 1e-6;
    if (isGray) grays++;
    else expect(distance(row(gray), row(batch.x.image!))).toBe(0);
  }
  expect(Math.abs(grays - 20)).toBeLessThan(4 * Math.sqrt(10));
});
test('colours need 1 or 3 channels, gray needs 3', () => {
  expect(() => changed(colorJitter({ hue: 0.1 }), images([2, 3, 3, 4]))).toThrow(DataError);
  expect(() => changed(randomGrayscale(0.1), images([2, 3, 3, 1]))).toThrow(/input "image".*3 channels/);
});

test('noise: N(0, σ²) within 4σ, added', () => {
  const n = 20_000;
  const noise = values(addNoise(tf.zeros([n, 3]), 0.5, { seed: 1, step: 0, site: 9, draw: 0 }));
  const mean = noise.reduce((sum, v) => sum + v, 0) / noise.length;
  const variance = noise.reduce((sum, v) => sum + v * v, 0) / noise.length;
  expect(Math.abs(mean)).toBeLessThan((4 * 0.5) / Math.sqrt(noise.length));
  expect(Math.abs(variance - 0.25)).toBeLessThan(4 * 0.25 * Math.sqrt(2 / noise.length));
});
test('noise on every float input, or on the one that is named; never on integers', () => {
  const x = { a: tf.zeros([2, 3]), b: tf.zeros([2, 4]), ids: tf.zeros([2, 3], 'int32') };
  const all = changed(inputNoise(1), { x, y: {} }).x;
  expect(values(all.a).slice(0, 4)).not.toEqual(values(all.b).slice(0, 4));
  expect(all.ids).toBe(x.ids);
  expect(changed(inputNoise({ stddev: 1, input: 'b' }), { x, y: {} }).x.a).toBe(x.a);
  expect(() => changed(inputNoise({ stddev: 1, input: 'ids' }), { x, y: {} })).toThrow(DataError);
});
