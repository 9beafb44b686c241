/** Every snippet of the README runs as it stands. */
import { beforeAll, expect, test } from 'vitest';
import { type Outcomes, runModules, snippetsOf } from './snippets.ts';

/** Behind the plugin of one's own: it is used, not only defined. */
const use = `
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [3], useBias: false })] });
const { attach } = await import('@keepprob/core/stock');
model.compile({ optimizer: attach(model, tf.train.sgd(0.1), centralize()).optimizer, loss: 'meanSquaredError' });
const before = model.getWeights()[0].sum().dataSync()[0];
await model.fit(tf.randomNormal([8, 3]), tf.randomNormal([8, 1]), { verbose: 0 });
const moved = Math.abs(model.getWeights()[0].sum().dataSync()[0] - before);
if (moved > 1e-5) throw new Error('a centralized gradient moved the sum of the weights by ' + moved);`;

const snippets = (await snippetsOf(new URL('../../README.md', import.meta.url))).map(({ title, code }) => ({
  title,
  file: `${title.replace(/\W+/g, '-')}.mjs`,
  code: code.includes('const centralize') ? code + use : code,
}));
let outcomes: Outcomes = new Map();
beforeAll(async () => {
  outcomes = await runModules('root', new Map(snippets.map(({ file, code }) => [file, code])));
});

test('the README has code for stock fit, for kernels, for fit, for long runs, for the lens, and for a plugin', () =>
  expect(snippets.length).toBe(6));

test.each(snippets.map(({ title, file }) => [title, file]))('%s', (_, file) => expect(outcomes.get(file)).toBe(''));
