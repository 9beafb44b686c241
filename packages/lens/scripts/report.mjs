/**
 * docs/report.png: the report of a net on 1,000 digits of MNIST. `npm run build && node packages/lens/scripts/report.mjs [page.html]`; takes some minutes.
 */
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { mnist } from '@keepprob/datasets';
import { keepProbs } from '@keepprob/dropout';
import { install } from '@keepprob/kernels/wasm';
import { l2 } from '@keepprob/l2';
import { report } from '@keepprob/lens';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { chromium } from 'playwright-core';
import { findBrowsers } from '../../../scripts/browser.mjs';
import { png8 } from './png8.mjs';

const SEED = 7;

tf.enableProdMode();
await tf.setBackend('wasm');
await install();

const data = await mnist({ train: 1000, test: 2000, seed: SEED });
const dense = (units, activation, more) =>
  tf.layers.dense({ units, activation, kernelInitializer: tf.initializers.heNormal({ seed: SEED + units }), ...more });
const model = keepProbs(
  tf.sequential({
    layers: [
      dense(256, 'relu', { inputShape: [784], name: 'hidden1' }),
      dense(128, 'relu', { name: 'hidden2' }),
      dense(10, 'softmax', { name: 'output' }),
    ],
  }),
  { hidden1: 0.5, hidden2: 0.5 },
  { input: 0.8 },
);
const plugins = [l2(1e-4)];
const loss = 'categoricalCrossentropy';
const optimizer = tf.train.adam(1e-3);
const run = await fit(model, data.train, {
  ...{ loss, optimizer, epochs: 100, batchSize: 100, seed: SEED, validation: data.test, metrics: ['accuracy'] },
  ...{ plugins, progress: 'lines' },
});

const { html, text } = await report(model, data.train, {
  ...{ validation: data.test, loss, run, plugins, title: '784-256-128-10 on 1,000 digits of MNIST' },
  measure: { seeds: 5, epochs: 100, batchSize: 100, optimizer },
});
console.log(text);
const page = process.argv[2] ?? join(tmpdir(), 'report.html');
await writeFile(page, html);

const browser = await chromium.launch({
  executablePath: (await findBrowsers()).CHROMIUM_PATH,
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const tab = await browser.newPage({ viewport: { width: 960, height: 800 } });
await tab.goto(pathToFileURL(page).href);
const png = await tab.screenshot({ fullPage: true });
const { rgba, width, height } = await tab.evaluate(async source => {
  const image = await createImageBitmap(new Blob([Uint8Array.from(atob(source), c => c.charCodeAt(0))]));
  const { width, height } = image;
  const context = new OffscreenCanvas(width, height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  return { rgba: [...new Uint32Array(data.buffer)], width, height };
}, png.toString('base64'));
await browser.close();
const pixels = new Uint8Array(Uint32Array.from(rgba).buffer);
await writeFile(new URL('../../../docs/report.png', import.meta.url), png8(pixels, width, height));
