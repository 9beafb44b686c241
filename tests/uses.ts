/** What a user writes with each package alone, in strict TypeScript; each prints `trained` at its end. */

/** Packages of TensorFlow.js that every program may import. */
export const tensorflow = ['tfjs-core', 'tfjs-layers', 'tfjs-backend-cpu', 'tfjs-data', 'tfjs-converter'].map(
  name => `@tensorflow/${name}`,
);

export interface Use {
  readonly code: string;
  /** Packages of ours that come with it, itself among them. */
  readonly brings: readonly string[];
  /** What the program has beside `tensorflow`. */
  readonly needs?: readonly string[];
}

/** Trains a small network in stock fit, with whatever is put in. */
const stock = (imports: string, layer: string, plugin: string): string => `
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';
import { attach } from '@keepprob/core/stock';
${imports}
const model = tfl.sequential({ layers: [tfl.layers.dense({ units: 3, inputShape: [2] }), ${layer} tfl.layers.dense({ units: 1 })] });
const reg = attach(model, tf.train.sgd(0.01), ${plugin});
model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
const x = tf.ones([4, 2]), y = tf.ones([4, 1]);
const { history } = await model.fit(x, y, { epochs: 2, verbose: 0, validationData: [x, y], callbacks: reg.callback });
if (!history['loss']?.every(loss => Number.isFinite(loss as number))) throw new Error('it did not train');
console.log('trained');
`;

export const uses: Readonly<Record<string, Use>> = {
  core: {
    code: stock(
      `import { definePlugin } from '@keepprob/core';\nconst nothing = definePlugin<object>({ name: 'nothing', options: {}, setup: () => ({}) });`,
      '',
      'nothing()',
    ),
    brings: ['core'],
  },
  augment: {
    code: `
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { labelSmoothing, smoothLabels } from '@keepprob/augment';
if (labelSmoothing(0.1).name !== 'labelSmoothing') throw new Error('it has no name');
if (smoothLabels(tf.tensor2d([[1, 0]]), 0.1).dataSync()[1] !== Math.fround(0.05)) throw new Error('it did not smooth');
console.log('trained');
`,
    brings: ['augment', 'core'],
  },
  averaging: {
    code: stock(
      `import { ema, swa } from '@keepprob/averaging';`,
      '',
      'ema({ decay: 0.9, evaluate: false }), swa({ startEpoch: 1 })',
    ),
    brings: ['averaging', 'core'],
  },
  convert: {
    code: `
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';
import { exportTorch, readSafetensors } from '@keepprob/convert';
import { loadKeras } from '@keepprob/convert/keras';
const model = tfl.sequential({ layers: [tfl.layers.dense({ units: 2, inputShape: [3] })] });
const { script, weights } = await exportTorch(model);
if (!script.includes('nn.Linear(3, 2)')) throw new Error(script);
if (!Object.values(readSafetensors(weights)).some(({ shape }) => shape.join() === '2,3')) throw new Error('no kernel');
const refused = await loadKeras(new Uint8Array(8)).catch(error => error.name);
if (refused !== 'ConvertError') throw new Error(String(refused));
console.log('trained');
`,
    brings: ['convert', 'core', 'dropout', 'l2'],
  },
  l1: {
    code: stock(
      `import { elasticNet, groupLasso, l1, proximalL1 } from '@keepprob/l1';`,
      '',
      'l1(1e-3), elasticNet({ l1: 1e-3, l2: 1e-3 }), groupLasso(1e-3), proximalL1(1e-3)',
    ),
    brings: ['core', 'l1'],
  },
  l2: {
    code: stock(
      `import { l2, maxNorm, weightDecay } from '@keepprob/l2';`,
      '',
      'l2(1e-3), weightDecay(0.01), maxNorm(3)',
    ),
    brings: ['core', 'l2'],
  },
  dropout: {
    code: stock(`import { dropout } from '@keepprob/dropout';`, 'dropout({ keepProb: 0.5 }),', 'false'),
    brings: ['core', 'dropout'],
  },
  gradients: {
    code: stock(
      `import { centralize, clipGlobalNorm } from '@keepprob/gradients';`,
      '',
      'centralize(), clipGlobalNorm(1)',
    ),
    brings: ['core', 'gradients'],
  },
  schedules: {
    code: stock(
      `import { cosine, schedule, warmup } from '@keepprob/schedules';`,
      '',
      'schedule({ learningRate: warmup({ steps: 2, into: cosine({ from: 0.01, to: 0, steps: 8 }) }) })',
    ),
    brings: ['core', 'schedules'],
  },
  lens: {
    code: `
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';
import { suggestKeepProbs } from '@keepprob/lens';
const units = [7, 7, 3, 2, 1];
const layers = units.map((n, i) => tfl.layers.dense({ units: n, name: 'layer' + (i + 1), ...(i === 0 && { inputShape: [3] }) }));
const { keepProbs } = suggestKeepProbs(tfl.sequential({ layers }));
if (JSON.stringify(keepProbs) !== '{"layer1":0.7,"layer2":0.5,"layer3":0.7,"layer4":1}') throw new Error(JSON.stringify(keepProbs));
console.log('trained');
`,
    brings: ['core', 'dropout', 'lens', 'trainer'],
  },
  search: {
    code: `
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';
import { float, holdOut, search } from '@keepprob/search';
const found = await search(({ rate }) => ({
  model: tfl.sequential({ layers: [tfl.layers.dense({ units: 1, inputShape: [2] })] }),
  options: { loss: 'meanSquaredError', optimizer: tf.train.sgd(rate), epochs: 1 },
}), { x: tf.ones([8, 2]), y: tf.ones([8, 1]) }, {
  space: { rate: float(0.001, 0.1, { log: true }) }, folds: holdOut({ fraction: 0.5 }), trials: 2, confirm: false, progress: false,
});
if (!found.model || !(found.chosen.values.rate >= 0.001)) throw new Error(found.text);
console.log('trained');
`,
    brings: ['core', 'dropout', 'lens', 'search', 'trainer'],
  },
  stopping: {
    code: stock(`import { earlyStopping } from '@keepprob/stopping';`, '', 'earlyStopping({ patience: 3 })'),
    brings: ['core', 'stopping'],
  },
  trainer: {
    code: `
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';
import { fit } from '@keepprob/trainer';
const model = tfl.sequential({ layers: [tfl.layers.dense({ units: 1, inputShape: [2] })] });
const run = await fit(model, { x: [[1, 2], [3, 4]], y: [[1], [2]] }, { loss: 'meanSquaredError', optimizer: tf.train.sgd(0.01), epochs: 2, progress: 'lines' });
if (run.epochs !== 2) throw new Error('it did not train');
console.log('trained');
`,
    brings: ['core', 'trainer'],
  },
  kernels: {
    code: `
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-layers';
import { install, type WasmReport } from '@keepprob/kernels/wasm';
await tf.setBackend('wasm');
const report: WasmReport = await install();
if (!report.installed || !report.active) throw new Error(JSON.stringify(report));
const image = tf.ones([1, 3, 3, 1]) as tf.Tensor4D, filter = tf.ones([2, 2, 1, 1]) as tf.Tensor4D;
const gradient = tf.grad(f => tf.sum(tf.conv2d(image, f as tf.Tensor4D, 1, 'valid')))(filter);
if (gradient.dataSync().join() !== '4,4,4,4') throw new Error('it did not train');
console.log('trained');
`,
    brings: ['core', 'kernels'],
    needs: ['@tensorflow/tfjs-backend-wasm'],
  },
  testing: {
    code: `
import '@tensorflow/tfjs-backend-cpu';
import { definePlugin } from '@keepprob/core';
import { conformance } from '@keepprob/testing';
const laws: string[] = [];
const describe = (_: string, body: () => void) => body();
const it = (name: string) => void laws.push(name);
const create = definePlugin<object>({ name: 'nothing', options: {}, setup: () => ({}) });
conformance({ describe, it }, { kind: 'training', name: 'nothing', create, options: {}, variants: [], bad: [] });
if (!laws.length) throw new Error('no laws');
console.log('trained');
`,
    brings: ['core', 'testing'],
  },
};

/** The same program as plain JavaScript. */
export const javascript = (code: string): string =>
  code
    .replace(/<object>/g, '')
    .replace(/ as (number|tf\.Tensor4D)/g, '')
    .replace(/, type WasmReport/g, '')
    .replace(/: (string\[\]|WasmReport)/g, '')
    .replace(/\((_|name): string/g, '($1')
    .replace(/body: \(\) => void/g, 'body');
