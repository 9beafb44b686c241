/** Puts the digits beside the page: mnist.bin, made from the files of MNIST, in the build and in validation. */
import { choose, loadMnist, pick } from '@keepprob/datasets';
import type { Plugin } from 'vite';
import { type Digits, encodeDigits, type RawDigits } from '../src/scenes/digits/file.ts';

const fileName = 'mnist.bin';

async function sample(part: 'train' | 'test', count: number): Promise<RawDigits> {
  const digits = await loadMnist(part);
  return pick(digits, choose(digits.labels.length, count, 1));
}

/** 5,000 of MNIST's training digits, in random order so that any first n are a fair sample, and 2,000 of its test digits. */
export const readDigits = async (): Promise<Digits> => ({
  train: await sample('train', 5000),
  validation: await sample('test', 2000),
});

export const digits = (): Plugin => ({
  name: 'digits',
  async generateBundle() {
    this.emitFile({ type: 'asset', fileName, source: encodeDigits(await readDigits()) });
  },
  configureServer(server) {
    server.middlewares.use(`/${fileName}`, async (_, response) => {
      response.setHeader('Content-Type', 'application/octet-stream');
      response.end(encodeDigits(await readDigits()));
    });
  },
});
