/** The functions that core exports, with arguments that are right. */
import {
  chain,
  checkOptions,
  definePlugin,
  type Moment,
  masked,
  option,
  type TrainingPlugin,
  valueAt,
  weightsOf,
} from '@keepprob/core';
import { optimizerState, restoreOptimizer } from '@keepprob/core/driver';
import { defineLayer } from '@keepprob/core/layers';
import { type TrainingLoop, trainingLoop } from '@keepprob/core/loop';
import { attach } from '@keepprob/core/stock';
import * as tf from '@tensorflow/tfjs';
import { type EntryPoint, entryPoint } from './entryPoints.ts';

const net = (): tf.LayersModel => tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] })] });
const moment: Moment = {
  phase: 'train',
  step: 0,
  epoch: 0,
  rows: [0, 1],
  learningRate: 0.1,
  key: () => ({ seed: 0, step: 0, site: 0, draw: 0 }),
};
const plugin: TrainingPlugin = definePlugin({
  name: 'idle',
  options: {},
  setup: () => ({ state: () => ({ tensors: {}, values: 1 }), restore: () => undefined }),
})();
const sgd = (): tf.Optimizer => tf.train.sgd(0.1);
const optimizer = sgd();
const model = net();

const counts = ['zero', 'minus zero', 'one'];
const numbers = ['NaN', 'Infinity', 'minus Infinity', 'minus one', 'half', 'large', 'unsafe', 'tiny', ...counts];
const functions = ['function', 'throwing function', 'class'];
const names = ['text', 'numeral', 'proto', 'constructor'];
/** Entries of a list of plugins that are skipped, and lists of them. */
const skipped = [
  ...['undefined', 'null', 'NaN', 'zero', 'minus zero', 'false', 'empty'],
  ...['list', 'list of NaN', 'list of lists', 'list of null', 'sparse list'],
];

const attached: readonly EntryPoint[] = [
  entryPoint(
    'attach',
    () => ({ model: net(), optimizer: sgd(), plugin }),
    args => attach(args.model, args.optimizer, args.plugin).dispose(),
    { takes: { plugin: skipped } },
  ),
  entryPoint(
    'attach with a seed',
    () => ({ seed: 1 }),
    ({ seed }) => attach(model, { optimizer, seed }).dispose(),
    { takes: { seed: ['undefined', ...counts] } },
  ),
  entryPoint(
    'reg.dataset',
    () => ({ dataset: { iterator: async () => ({ next: async () => ({ done: true as const, value: undefined }) }) } }),
    ({ dataset }) => {
      const reg = attach(model, optimizer);
      try {
        reg.dataset(dataset);
      } finally {
        reg.dispose();
      }
    },
  ),
];

const weight = (): tf.Variable => tf.tidy(() => tf.variable(tf.ones([2, 2])));
const ofLoop = weight();
/** A call on a loop over a variable, which is let go of. */
async function inLoop(f: (loop: TrainingLoop) => unknown): Promise<void> {
  const loop = trainingLoop({ v: ofLoop }, optimizer, plugin);
  try {
    await f(loop);
  } finally {
    loop.dispose();
  }
}

const loops: readonly EntryPoint[] = [
  entryPoint(
    'trainingLoop',
    () => ({ trained: net(), optimizer: sgd(), plugin }),
    args => trainingLoop(args.trained, args.optimizer, args.plugin).dispose(),
    { takes: { plugin: skipped } },
  ),
  entryPoint(
    'trainingLoop on a variable',
    () => ({ variable: weight(), role: 'kernel' as const, fanInAxes: [0] }),
    given => trainingLoop({ v: given }, optimizer).dispose(),
    { takes: { role: ['undefined'], fanInAxes: ['undefined', 'list'] } },
  ),
  entryPoint(
    'loop.batch',
    () => ({ batch: { x: { a: ofLoop }, y: { b: ofLoop } } }),
    ({ batch }) => inLoop(loop => loop.batch(batch)),
  ),
  entryPoint(
    'loop.epochEnd',
    () => ({ logs: { valLoss: 1 } }),
    ({ logs }) => inLoop(loop => loop.epochEnd(logs)),
    {
      takes: {
        logs: [
          'undefined',
          'object',
          'without a prototype',
          'typed array',
          'every',
          'named like parts of every object',
        ],
      },
    },
  ),
  entryPoint(
    'loop.evaluating',
    () => ({ f: () => 1 }),
    ({ f }) => inLoop(loop => loop.evaluating(f)),
    { takes: { f: functions } },
  ),
  entryPoint(
    'loop.restore',
    () => ({ at: { step: 1, epoch: 0 } }),
    ({ at }) => inLoop(loop => loop.restore(at)),
  ),
  entryPoint(
    'loop.restore at',
    () => ({ step: 1, epoch: 0, state: { tensors: {}, values: [null] } }),
    at => inLoop(loop => loop.restore(at)),
    { takes: { step: counts, epoch: counts, state: ['undefined'] } },
  ),
];

/** What makes plugins and layers, and what looks at them. */
const makers: readonly EntryPoint[] = [
  entryPoint(
    'definePlugin',
    () => ({ name: 'idle', options: {}, setup: () => ({}) }),
    args => definePlugin(args),
    { takes: { name: names, options: null, setup: functions } },
  ),
  entryPoint(
    'defineLayer',
    () => ({ name: 'asIs', className: 'AsIs', options: {}, forward: (x: tf.Tensor) => x }),
    args => defineLayer(args),
    { takes: { name: names, className: names, options: null, forward: functions } },
  ),
  entryPoint(
    'masked',
    () => ({ plugin, where: () => true }),
    args => masked(args.plugin, args.where),
    { takes: { where: functions } },
  ),
  entryPoint(
    'chain',
    () => ({ plugin }),
    args => chain(args.plugin),
    { takes: { plugin: skipped } },
  ),
  entryPoint(
    'valueAt',
    () => ({ varying: 0.1 }),
    ({ varying }) => inLoop(() => valueAt(varying, moment)),
    { takes: { varying: [...numbers, 'function'] } },
  ),
  entryPoint(
    'checkOptions',
    () => ({ given: { n: 1 } }),
    ({ given }) => checkOptions('f', { n: option.number({ fallback: 1 }) }, given),
    { takes: { given: ['object', 'without a prototype'] } },
  ),
];

/** What looks at a model or an optimizer. */
const readers: readonly EntryPoint[] = [
  entryPoint(
    'weightsOf',
    () => ({ model: net() }),
    args => weightsOf(args.model).length,
  ),
  entryPoint(
    'optimizerState',
    () => ({ optimizer: sgd() }),
    args => optimizerState(args.optimizer, []).values,
  ),
  entryPoint(
    'restoreOptimizer',
    () => ({ optimizer: sgd(), state: optimizerState(optimizer, []) }),
    args => restoreOptimizer(args.optimizer, args.state, []),
  ),
];

export const entryPoints: readonly EntryPoint[] = [...attached, ...loops, ...makers, ...readers];
