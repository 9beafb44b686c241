/** The questions of the lens, with arguments that are right. */
import { dropout } from '@keepprob/dropout';
import {
  checkCost,
  compare,
  diagnose,
  effectiveL2,
  findLearningRate,
  gradientCheck,
  reinitialised,
  report,
  showMask,
  suggestKeepProbs,
  weightSpread,
} from '@keepprob/lens';
import * as tf from '@tensorflow/tfjs';
import { type EntryPoint, entryPoint } from '../../../core/test/support/entryPoints.ts';

const net = (): tf.LayersModel =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 3, inputShape: [2], name: 'hidden1' }),
      dropout({ keepProb: 0.5 }),
      tf.layers.dense({ units: 2, name: 'out' }),
    ],
  });
const ones = (): tf.Tensor => tf.ones([8, 2]);
const model = net();
const data = { x: ones(), y: tf.randomNormal([8, 2], 0, 1, 'float32', 1) };
const loss = 'meanSquaredError';

const options = ['undefined', 'object', 'without a prototype'];
const counts = ['undefined', 'zero', 'minus zero', 'one', 'unsafe'];
const losses = ['undefined', 'null'];
const curve = [3, 2, 1, 1, 1];

/** Questions to a model and its data. */
const questions: readonly EntryPoint[] = [
  entryPoint(
    'effectiveL2',
    () => ({ model: net(), data, options: { samples: 2 } }),
    args => effectiveL2(args.model, args.data, args.options),
    { takes: { options } },
  ),
  entryPoint(
    'effectiveL2 of arrays',
    () => ({ x: ones(), y: ones() }),
    given => effectiveL2(model, given, { samples: 2 }),
  ),
  entryPoint(
    'effectiveL2 with options',
    () => ({ keepProbs: { hidden1: 0.5 }, input: 0.9, samples: 2, seed: 1, step: 0, epoch: 0, loss: null }),
    given => effectiveL2(model, data, given),
    {
      takes: {
        keepProbs: ['null', ...options],
        input: ['half', 'one', ...options],
        ...{ samples: ['undefined', 'null'], seed: counts, step: counts, epoch: counts, loss: losses },
      },
    },
  ),
  entryPoint(
    'gradientCheck',
    () => ({ model: net(), data, options: { loss } }),
    args => gradientCheck(args.model, args.data, args.options),
    { takes: { options } },
  ),
  entryPoint(
    'gradientCheck of arrays',
    () => ({ x: ones(), y: ones() }),
    given => gradientCheck(model, given, { loss }),
  ),
  entryPoint(
    'weightSpread',
    () => ({ model: net(), data: { x: data.x } }),
    args => weightSpread(args.model, args.data),
    { takes: { data: ['undefined'] } },
  ),
  entryPoint(
    'weightSpread of an array',
    () => ({ x: ones() }),
    given => weightSpread(model, given),
    { takes: { x: ['tensor of other rows'] } },
  ),
  entryPoint(
    'suggestKeepProbs',
    () => ({ model: net(), options: {} }),
    args => suggestKeepProbs(args.model, args.options),
    { takes: { options } },
  ),
  entryPoint(
    'showMask',
    () => ({ model: net(), step: 1, options: { seed: 1 } }),
    args => showMask(args.model, args.step, args.options),
    { takes: { step: counts.slice(1) } },
  ),
];

/** Questions that train. */
const training: readonly EntryPoint[] = [
  entryPoint(
    'checkCost',
    () => ({ model: net(), data, options: { loss, steps: 10, progress: false as const } }),
    args => checkCost(args.model, args.data, args.options),
    { takes: { options: null } },
  ),
  entryPoint(
    'findLearningRate',
    () => ({ model: net(), data, options: { loss, steps: 20 } }),
    args => findLearningRate(args.model, args.data, args.options),
  ),
  entryPoint(
    'reinitialised',
    () => ({ model: net(), seed: 1 }),
    async args => (await reinitialised(args.model, args.seed)).dispose(),
    { takes: { seed: counts.slice(1) } },
  ),
];

/** What concludes from runs and from models. */
const conclusions: readonly EntryPoint[] = [
  entryPoint(
    'diagnose a run',
    () => ({ run: { history: { loss: curve, valLoss: curve } } }),
    args => diagnose(args.run),
  ),
  entryPoint(
    'diagnose runs',
    () => ({ run: { history: { loss: curve, valLoss: curve } } }),
    args => diagnose([{ history: { loss: curve, valLoss: curve } }, args.run]),
  ),
  entryPoint(
    'diagnose a history',
    () => ({ loss: curve, valLoss: curve, accuracy: curve, valAccuracy: curve }),
    history => diagnose({ history }),
    { takes: { accuracy: null, valAccuracy: null } },
  ),
  entryPoint(
    'diagnose a model',
    () => ({ model: net(), train: data, validation: data, loss, run: { history: { loss: curve, valLoss: curve } } }),
    given => diagnose(given),
    { takes: { loss: losses, run: losses } },
  ),
  entryPoint(
    'compare',
    () => ({ a: [net()], b: [net()], options: {} }),
    args => compare(args.a, args.b, args.options),
    { takes: { options } },
  ),
  entryPoint(
    'report',
    () => ({ model: net(), data, options: { loss, sections: ['weights' as const], progress: false as const } }),
    args => report(args.model, args.data, args.options),
    { takes: { data: ['undefined', 'null'], options: null } },
  ),
];

export const entryPoints: readonly EntryPoint[] = [...questions, ...training, ...conclusions];
