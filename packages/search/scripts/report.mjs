/**
 * The report of a search on 400 digits, in the light and in the dark, on a phone and on a desk: `npm run build && node packages/search/scripts/report.mjs [folder]`; takes
 * some minutes.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { digits } from '@keepprob/datasets';
import { dropout } from '@keepprob/dropout';
import { install } from '@keepprob/kernels/wasm';
import { l2 } from '@keepprob/l2';
import { choice, float, keepProb, kFold, report, search } from '@keepprob/search';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { chromium } from 'playwright-core';
import { findBrowsers } from '../../../scripts/browser.mjs';

const folder = process.argv[2] ?? join(tmpdir(), 'search-report');
await mkdir(folder, { recursive: true });
tf.enableProdMode();
await tf.setBackend('wasm');
await install();

const { train } = await digits({ train: 400, test: 100, seed: 7 });
const trial = ({ keep, strength, activation, rate }, { seed }) => {
  const kernelInitializer = tf.initializers.heNormal({ seed });
  return {
    model: tf.sequential({
      layers: [
        tf.layers.dense({ units: 32, activation, inputShape: train.x.shape.slice(1), kernelInitializer }),
        dropout({ keepProb: keep }),
        tf.layers.dense({ units: 10, activation: 'softmax', kernelInitializer }),
      ],
    }),
    options: {
      ...{ loss: 'categoricalCrossentropy', optimizer: tf.train.adam(rate), epochs: 40, batchSize: 32 },
      plugins: strength > 0 ? [l2(strength)] : [],
    },
  };
};
const found = await search(trial, train, {
  space: {
    keep: keepProb(0.3, 1),
    strength: float(1e-5, 1e-1, { log: true, off: 0 }),
    rate: float(1e-3, 3e-2, { log: true }),
    activation: choice(['relu', 'tanh']),
  },
  ...{
    trials: Number(process.argv[3] ?? 12),
    folds: kFold({ k: 3 }),
    confirm: { top: 3, seeds: 2 },
    seed: 7,
    store: join(folder, `journal-${Date.now()}`),
  },
});
await writeFile(join(folder, 'found.json'), JSON.stringify({ ...found, model: null }));
console.log((await report(found)).text);
await writeFile(join(folder, 'picture.svg'), await found.picture());
await writeFile(join(folder, 'report.html'), (await report(found, { title: '64-32-10 on 400 digits' })).html);

const browser = await chromium.launch({
  executablePath: (await findBrowsers()).CHROMIUM_PATH,
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
for (const width of [400, 1200]) {
  for (const colorScheme of ['light', 'dark']) {
    const tab = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
    await tab.goto(pathToFileURL(join(folder, 'report.html')).href);
    await tab.screenshot({ fullPage: true, path: join(folder, `${colorScheme}-${width}.png`) });
  }
}
await browser.close();
