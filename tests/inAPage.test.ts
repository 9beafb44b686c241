/** The pages of docs/in-a-page.md, as they are printed there: they train with our kernels, from the files that `npm install keepprob` brings. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shown } from './guide.ts';
import { listening, saidIn } from './pageSaid.ts';
import { openBrowser, type Site, serve } from './site.ts';
import { whenInstalled } from './whenInstalled.ts';

const project = await whenInstalled();
const guide = await readFile(new URL('../docs/in-a-page.md', import.meta.url), 'utf8');

let browser: Browser;
let site: Site;
beforeAll(async () => {
  browser = await openBrowser();
  site = await serve(project);
});
afterAll(async () => {
  site?.close();
  await browser?.close();
});

async function saidBy(name: string, body: string, files: Readonly<Record<string, string>> = {}): Promise<string> {
  await mkdir(join(project, name), { recursive: true });
  const page = `<!doctype html>\n<html><head>${listening}</head><body>\n${body}</body></html>\n`;
  for (const [file, text] of Object.entries({ ...files, 'index.html': page }))
    await writeFile(join(project, name, file), text);
  return saidIn(browser, `${site.url}${name}/`);
}

const tag = (path: string): string => `<script src="/node_modules/${path}"></script>\n`;

test.each([
  ['Script tags', {}],
  ['An import map', {}],
  ['A worker', { 'worker.js': shown(guide, 'A worker', 'js') }],
])('%s', async (heading, files) => {
  const said = await saidBy(heading.toLowerCase().replaceAll(' ', '-'), shown(guide, heading, 'html'), files);
  expect(said).toMatch(/^loss \d/);
  // the labels have variance 2
  expect(Number(said.slice('loss '.length))).toBeLessThan(1);
});

test('two copies of TensorFlow.js, by a script tag and by an import map, are an error', async () => {
  const both = tag('@tensorflow/tfjs/dist/tf.min.js') + shown(guide, 'An import map', 'html');
  expect(await saidBy('two-copies', both)).toMatch(/two copies of TensorFlow\.js.*Load it once/);
});

test('a module worker, which has no import map', async () => {
  const worker = `import * as tf from '/node_modules/@tensorflow/tfjs/dist/tf.fesm.min.js';
globalThis.tf = tf;
const { API_VERSION } = await import('/node_modules/keepprob/dist/browser/keepprob.js');
postMessage('API ' + API_VERSION);`;
  const page = `<script>
    new Worker('worker.js', { type: 'module' }).onmessage = ({ data }) => console.log(data);
  </script>`;
  expect(await saidBy('module-worker', page, { 'worker.js': worker })).toMatch(/^API \d+$/);
});

test('the module takes the global tf where there is no import map; without either it says what to load', async () => {
  const module = `<script type="module">
    const { API_VERSION, dropout } = await import('/node_modules/keepprob/dist/browser/keepprob.js');
    console.log('API ' + API_VERSION + ', ' + dropout({ keepProb: 0.5 }).getClassName());
  </script>`;
  expect(await saidBy('global', tag('@tensorflow/tfjs/dist/tf.min.js') + module)).toMatch(/^API \d+, KeepprobDropout$/);
  expect(await saidBy('none', module)).toMatch(/found no TensorFlow\.js\. Load it first/);
});
