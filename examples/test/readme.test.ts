/** Every snippet of the README runs as it stands. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
const snippets = [...readme.matchAll(/^## ([^\n]+)\n(?:(?!^## )[\s\S])*?```js\n([\s\S]*?)```/gm)].map(
  ([, title, code]) => [title!, code!] as const,
);

test('the README has code for stock fit, for kernels, for fit, for long runs, for the lens, and for a plugin', () =>
  expect(snippets.length).toBe(6));

test.each(snippets)('%s', async (title, code) => {
  const file = new URL(`./snippet-${title.replace(/\W+/g, '-')}.tmp.mjs`, import.meta.url);
  // the plugin of one's own is used, not only defined
  const use = code.includes('const centralize')
    ? `
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [3], useBias: false })] });
const { attach } = await import('@keepprob/core/stock');
model.compile({ optimizer: attach(model, tf.train.sgd(0.1), centralize()).optimizer, loss: 'meanSquaredError' });
const before = model.getWeights()[0].sum().dataSync()[0];
await model.fit(tf.randomNormal([8, 3]), tf.randomNormal([8, 1]), { verbose: 0 });
const moved = Math.abs(model.getWeights()[0].sum().dataSync()[0] - before);
if (moved > 1e-5) throw new Error('a centralized gradient moved the sum of the weights by ' + moved);`
    : '';
  const cwd = await mkdtemp(join(tmpdir(), 'keepprob-readme-'));
  await writeFile(file, code + use);
  try {
    await promisify(execFile)(process.execPath, [fileURLToPath(file)], { cwd });
  } finally {
    await rm(file);
    await rm(cwd, { recursive: true });
  }
});
