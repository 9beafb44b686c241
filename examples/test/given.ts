/** What stands in front of a snippet: a model, data, and imports that its reader is taken to have. */

/** What a snippet may use without saying where it comes from; each may use those before it. */
export const yours: Readonly<Record<string, string>> = {
  tf: `import * as tf from '@tensorflow/tfjs';`,
  attach: `import { attach } from '@keepprob/core/stock';`,
  install: `import '@tensorflow/tfjs-backend-wasm'; import { install } from '@keepprob/kernels/wasm';
    await (await import('@tensorflow/tfjs')).setBackend('wasm');`,
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
export const theirs: Readonly<Record<string, typeof yours>> = {
  lens: { Plot: `import * as Plot from '@observablehq/plot';` },
  testing: {
    describe: 'const describe = (name, body) => body();',
    it: 'const it = () => undefined;',
    catalogue: `import { catalogue } from '@keepprob/l1/catalogue';`,
    register: 'const register = () => undefined;',
  },
  augment: {
    x: 'const x = tf.randomUniform([16, 8, 8, 3]);',
    y: `const y = tf.oneHot(tf.randomUniform([16], 0, 2, 'int32'), 2);`,
    build: `const build = () => tf.sequential({ layers: [
      tf.layers.flatten({ inputShape: [8, 8, 3] }), tf.layers.dense({ units: 2, activation: 'softmax' }),
    ] });`,
  },
  convert: {
    'model.keras': `await (await import('node:fs/promises')).copyFile(new URL('../../../../packages/convert/test/fixtures/model.keras', import.meta.url), 'model.keras');`,
    'big.json': `for (const [from, to] of [['architecture.json', 'big.json'], ...[0, 1].map(i => [\`model_0000\${i}.weights.h5\`, \`big_0000\${i}.weights.h5\`])])
      await (await import('node:fs/promises')).copyFile(new URL(\`../../../../packages/convert/test/fixtures/\${from}\`, import.meta.url), to);`,
    file: `const file = await (await import('node:fs/promises')).readFile(new URL('../../../../packages/convert/test/fixtures/model.keras', import.meta.url));`,
    l2: `import { l2 } from '@keepprob/l2';`,
    maxNorm: `import { maxNorm } from '@keepprob/l2';`,
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

/** What stands in a snippet that trains long, and what does in `npm test`; `npm run test:long` runs it as it stands. */
export const shorter: Readonly<Record<string, readonly [long: string, short: string]>> = {
  augment: ['epochs: 200', 'epochs: 2'],
  search: ['epochs: 10', 'epochs: 1'],
};

const declares = (code: string, name: string): boolean =>
  new RegExp(
    `\\b(const|let|function\\*?|class)\\s+(\\{[^}]*\\b${name}\\b[^}]*\\}|\\[[^\\]]*\\b${name}\\b[^\\]]*\\]|${name}\\b)|^import\\b[^;]*\\b${name}\\b[^;]*\\bfrom\\b`,
    'm',
  ).test(code);

/** The lines that the code needs, and those that they need. */
export function inFront(code: string, given: typeof yours): string {
  let whole = code;
  for (const [name, line] of Object.entries(given).reverse()) {
    if (new RegExp(`\\b${name}\\b`).test(whole) && !declares(code, name)) whole = `${line}\n${whole}`;
  }
  return whole;
}
