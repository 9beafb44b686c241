/** On WebGL and WebGPU images become what they become on cpu. */
import '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-webgpu';
import type { TrainingPlugin } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import {
  colorJitter,
  cutmix,
  cutout,
  mixup,
  randAugment,
  randomAffine,
  randomCrop,
  randomFlip,
} from '../../src/index.ts';
import { changed } from '../moments.ts';

const plugins: [string, TrainingPlugin][] = [
  ['randomFlip', randomFlip({ vertical: true })],
  ['randomCrop', randomCrop(2)],
  ...(['reflect', 'nearest', 'constant'] as const).map((fillMode): [string, TrainingPlugin] => [
    `randomAffine, ${fillMode}`,
    randomAffine({ rotation: 0.1, zoom: 0.2, translation: 0.2, shear: 0.1, fillMode }),
  ]),
  ['cutout', cutout(3)],
  ['colorJitter', colorJitter({ brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 })],
  ['randAugment', randAugment({ count: 2 })],
  ['mixup', mixup(0.4)],
  ['cutmix', cutmix(1)],
];

/** More than the sizes that randAugment has for the rows of a kind on a GPU. */
const ROWS = 16;
const SHAPE = [ROWS, 6, 7, 3];
const pixels = Float32Array.from({ length: ROWS * 6 * 7 * 3 }, (_, i) => ((i * 37) % 101) / 101);
const classes = Float32Array.from({ length: 2 * ROWS }, (_, i) => +(i % 2 === (i >> 1) % 2));

/** Images and labels as the plugin leaves them on a backend. */
async function on(backend: string, plugin: TrainingPlugin): Promise<{ x: Float32Array; y: Float32Array }> {
  await tf.setBackend(backend);
  const made = tf.tidy(() => {
    const { x, y } = changed(plugin, { x: { x: tf.tensor(pixels, SHAPE) }, y: { y: tf.tensor(classes, [ROWS, 2]) } });
    return [x.x!, y.y!];
  });
  const [x, y] = (await Promise.all(made.map(t => t.data()))) as [Float32Array, Float32Array];
  tf.dispose(made);
  return { x, y };
}

/** Largest distance of two arrays; NaN where their lengths differ. */
const distance = (a: Float32Array, b: Float32Array): number =>
  a.length === b.length ? a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0) : Number.NaN;

describe.each(['webgl', 'webgpu'])('%s', backend => {
  test.each(plugins)('%s', async (_, plugin) => {
    const [expected, received] = [await on('cpu', plugin), await on(backend, plugin)];
    expect(distance(expected.x, pixels)).toBeGreaterThan(0.1);
    expect(distance(received.x, expected.x)).toBeLessThan(1e-4);
    expect(distance(received.y, expected.y)).toBeLessThan(1e-6);
  });
});
