/** Every snippet of every package's README runs, in front of a model and data that its reader is taken to have. */
import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Outcomes, runModules, snippetsOf } from './snippets.ts';

/** What a snippet may use without saying where it comes from; each may use those before it. */
const yours: Readonly<Record<string, string>> = {
  tf: `import * as tf from '@tensorflow/tfjs';`,
  attach: `import { attach } from '@keepprob/core/stock';`,
  install: `import '@tensorflow/tfjs-backend-wasm'; import { install } from '@keepprob/kernels/wasm';`,
  averaged: `import { averaged } from '@keepprob/averaging';`,
  ema: `import { ema } from '@keepprob/averaging';`,
  loss: `const loss = 'categoricalCrossentropy';`,
  options: `const options = { loss: 'categoricalCrossentropy', optimizer: 'adam', progress: false };`,
  x: 'const x = tf.randomNormal([64, 4]);',
  y: `const y = tf.oneHot(tf.randomUniform([64], 0, 2, 'int32'), 2);`,
  xValidation: 'const xValidation = tf.randomNormal([32, 4]);',
  yValidation: `const yValidation = tf.oneHot(tf.randomUniform([32], 0, 2, 'int32'), 2);`,
  validation: 'const validation = { x: xValidation, y: yValidation };',
  layers: `const layers = [tf.layers.dense({ units: 2, inputShape: [4] })];`,
  build: `const build = () => tf.sequential({ layers: [
    tf.layers.dense({ units: 8, activation: 'relu', inputShape: [4], name: 'hidden1' }),
    tf.layers.dense({ units: 8, activation: 'relu', name: 'hidden2' }),
    tf.layers.dense({ units: 2, activation: 'softmax', name: 'output' }),
  ] });`,
  model: 'const model = build();',
  plugins: 'const plugins = [];',
  plainModels: 'const plainModels = [build(), build()];',
  droppedModels: 'const droppedModels = [build(), build()];',
  run: `const run = await (await import('@keepprob/trainer')).fit(model, { x, y }, {
    loss: 'categoricalCrossentropy', optimizer: 'adam', epochs: 2, validation: { x: xValidation, y: yValidation }, progress: false,
  });`,
};

/** What is another thing for some packages. */
const theirs: Readonly<Record<string, typeof yours>> = {
  augment: {
    x: 'const x = tf.randomUniform([16, 8, 8, 3]);',
    y: `const y = tf.oneHot(tf.randomUniform([16], 0, 2, 'int32'), 2);`,
    build: `const build = () => tf.sequential({ layers: [
      tf.layers.flatten({ inputShape: [8, 8, 3] }), tf.layers.dense({ units: 2, activation: 'softmax' }),
    ] });`,
  },
  dropout: {
    build: `const build = () => tf.sequential({ layers: [
      tf.layers.dense({ units: 8, activation: 'relu', inputShape: [4], name: 'hidden1' }),
      tf.layers.dense({ units: 8, activation: 'relu', name: 'hidden2' }),
      tf.layers.dropout({ rate: 0.5 }),
      tf.layers.dense({ units: 2, activation: 'softmax', name: 'output' }),
    ] });`,
  },
};

const declares = (code: string, name: string): boolean =>
  new RegExp(
    `\\b(const|let|function\\*?|class)\\s+(\\{[^}]*\\b${name}\\b[^}]*\\}|${name}\\b)|^import\\b[^;]*\\b${name}\\b[^;]*\\bfrom\\b`,
    'm',
  ).test(code);

/** The lines that the code needs, and those that they need. */
function inFront(code: string, given: typeof yours): string {
  let whole = code;
  for (const [name, line] of Object.entries(given).reverse()) {
    if (new RegExp(`\\b${name}\\b`).test(whole) && !declares(code, name)) whole = `${line}\n${whole}`;
  }
  return whole;
}

/** Such as `// task.js, in the worker`. */
const fileOf = (code: string): string | undefined => /^\/\/ (\w+\.js)\b/.exec(code)?.[1];

const packages = new URL('../../packages/', import.meta.url);
// what it shows runs in a test runner
const names = readdirSync(packages).filter(name => name !== 'testing');

describe.each(names)('%s', async name => {
  const snippets = (await snippetsOf(new URL(`${name}/README.md`, packages))).map(({ title, code }) => ({
    title,
    file: fileOf(code) ?? `${title.replace(/\W+/g, '-')}.mjs`,
    code: inFront(code, { ...yours, ...theirs[name] }),
  }));
  // a file that others need
  const isTask = ({ file }: { readonly file: string }): boolean => file === 'task.js';
  const codes = (list: typeof snippets) => new Map(list.map(({ file, code }) => [file, code]));
  const run = snippets.filter(snippet => !isTask(snippet));
  let outcomes: Outcomes = new Map();
  beforeAll(async () => {
    outcomes = await runModules(name, codes(run), codes(snippets.filter(isTask)));
  });

  test('shows code', () => expect(snippets.length + Number(name === 'cli')).toBeGreaterThan(0));

  test.each(run.map(({ title, file }) => [title, file]))('%s', (_, file) =>
    expect(outcomes.get(file)?.failure).toBe(''),
  );
});
