/** Every snippet of the README runs as it stands, with the models and data that it speaks of. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as dropout from '@keepprob/dropout';
import { l2 } from '@keepprob/l2';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import * as lens from '../src/index.ts';
import { classes, glorot, loss } from './support/nets.ts';

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
const snippets = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code as string);
const modules: Readonly<Record<string, object>> = {
  '@keepprob/lens': lens,
  '@keepprob/dropout': dropout,
  'node:fs/promises': await import('node:fs/promises'),
};

const net = (): tf.LayersModel =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 8, activation: 'relu', inputShape: [5], ...glorot(1) }),
      tf.layers.dense({ units: 3, activation: 'softmax', ...glorot(2) }),
    ],
  });

/** What the snippets speak of. */
async function given(): Promise<Record<string, unknown>> {
  await tf.setBackend('cpu');
  const [model, { x, y }, validation, plugins] = [net(), classes(), classes(), [l2(1e-3)]];
  const optimizer = tf.train.adam(0.01);
  const run = await fit(
    model,
    { x, y },
    { loss, optimizer, validation: validation, plugins, epochs: 5, progress: false },
  );
  return { model, x, y, validation, plugins, run, plainModels: [net(), net()], droppedModels: [net(), net()] };
}

test.each(snippets)('%s', async code => {
  const names: Record<string, unknown> = await given();
  for (const [, list, from] of code.matchAll(/^import \{ (.*) \} from '(.*)';$/gm)) {
    const module = modules[from as string] as Record<string, unknown>;
    for (const name of (list as string).split(', ')) {
      expect([name, typeof module[name]]).toEqual([name, 'function']);
      names[name] = module[name];
    }
  }
  const folder = await mkdtemp(join(tmpdir(), 'lens-readme-'));
  const home = process.cwd();
  const body = code.replaceAll(/^import .*$/gm, '');
  const run = new Function(...Object.keys(names), `return (async () => {${body}})()`);
  try {
    process.chdir(folder);
    await run(...Object.values(names));
  } finally {
    process.chdir(home);
    await rm(folder, { recursive: true });
  }
});

test('there are snippets', () => expect(snippets.length).toBeGreaterThan(1));
