/** The functions that this package exports beside its layers, with arguments that are right. */
import {
  keepProbs,
  linearDepth,
  modelPrecision,
  noiseOff,
  predictWithUncertainty,
  register,
  setKeepProb,
} from '@keepprob/dropout';
import * as tf from '@tensorflow/tfjs';
import { type EntryPoint, entryPoint } from '../../../core/test/support/entryPoints.ts';
import { dropout } from '../../src/index.ts';

const net = (activation: 'softmax' | 'linear' = 'softmax'): tf.LayersModel =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 3, inputShape: [2], name: 'hidden1' }),
      dropout({ keepProb: 0.5, name: 'dropout' }),
      tf.layers.dense({ units: 2, activation, name: 'out' }),
    ],
  });
const x = (): tf.Tensor => tf.ones([8, 2]);
const options = ['undefined', 'object', 'without a prototype'];
const counts = ['undefined', 'zero', 'minus zero', 'one'];
const keeping = ['half', 'one'];

const predicting: readonly EntryPoint[] = [
  entryPoint(
    'predictWithUncertainty',
    () => ({ model: net(), x: x() as tf.Tensor | tf.Tensor[], options: {} }),
    args => predictWithUncertainty(args.model, args.x, args.options),
    { takes: { x: ['tensor of other rows'], options } },
  ),
  entryPoint(
    'predictWithUncertainty with options',
    () => ({ samples: 2, seed: 1, batchSize: 4, interval: 0.9, progress: null, signal: null, kind: 'auto' as const }),
    async given => {
      const [model, inputs] = [net(), x()];
      try {
        return await predictWithUncertainty(model, inputs, given);
      } finally {
        model.dispose();
        inputs.dispose();
      }
    },
    {
      takes: {
        samples: ['undefined'],
        seed: ['null', 'unsafe', ...counts],
        batchSize: ['undefined', 'one', 'unsafe'],
        interval: ['undefined', 'half', 'tiny', 'false'],
        progress: ['undefined', 'null', 'function'],
        signal: ['undefined', 'null'],
        kind: ['undefined'],
      },
    },
  ),
  entryPoint(
    'predictWithUncertainty with targets',
    () => ({ y: x(), precision: 1 }),
    async given => {
      const [model, inputs] = [net('linear'), x()];
      try {
        return await predictWithUncertainty(model, inputs, { samples: 2, ...given });
      } finally {
        model.dispose();
        inputs.dispose();
      }
    },
    { takes: { y: ['undefined', 'null'], precision: ['half', 'one', 'large', 'unsafe', 'tiny'] } },
  ),
];

const changing: readonly EntryPoint[] = [
  entryPoint(
    'keepProbs',
    () => ({ model: net(), layers: { hidden1: 0.5 }, options: { input: 0.9, seed: 1 } }),
    args => void keepProbs(args.model, args.layers, args.options),
    { takes: { layers: ['list', ...options.slice(1)], options: ['null', ...options] } },
  ),
  entryPoint(
    'keepProbs with options',
    () => ({ input: 0.9, seed: 1 }),
    given => void keepProbs(model, { hidden1: 0.5 }, given),
    { takes: { input: [...options, ...keeping], seed: ['unsafe', ...counts] } },
  ),
  entryPoint(
    'keepProbs of a list',
    () => ({ layers: ['hidden1'], keepProb: 0.5 }),
    args => void keepProbs(model, args.layers, args.keepProb),
    { takes: { layers: ['list', 'object', 'without a prototype'], keepProb: keeping } },
  ),
  entryPoint(
    'setKeepProb',
    () => ({ model: net(), keepProb: 0.5 as number | Record<string, number> }),
    args => setKeepProb(args.model, args.keepProb)(),
    { takes: { keepProb: ['object', 'without a prototype', ...keeping] } },
  ),
  entryPoint(
    'setKeepProb of a layer',
    () => ({ keepProb: 0.5 }),
    args => setKeepProb(model, { dropout: args.keepProb })(),
    { takes: { keepProb: keeping } },
  ),
  entryPoint(
    'noiseOff',
    () => ({ model: net() }),
    args => noiseOff(args.model)(),
  ),
];
const model = net();

const numbers: readonly EntryPoint[] = [
  entryPoint(
    'register',
    () => ({ options: {} }),
    args => register(args.options),
    { takes: { options } },
  ),
  entryPoint(
    'register with override',
    () => ({ override: ['Dropout' as const] }),
    given => register(given),
    { takes: { override: ['undefined', 'list'] } },
  ),
  entryPoint(
    'modelPrecision',
    () => ({ keepProb: 0.5, lengthScale: 1, rows: 1, l2: 1 }),
    given => modelPrecision(given),
    {
      takes: {
        keepProb: keeping,
        lengthScale: ['half', 'one', 'large', 'unsafe', 'tiny'],
        rows: ['one', 'unsafe'],
        l2: ['half', 'one', 'large', 'unsafe', 'tiny'],
      },
    },
  ),
  entryPoint(
    'linearDepth',
    () => ({ blocks: 3, lastKeepProb: 0.5 }),
    given => linearDepth(given),
    { takes: { blocks: ['one'], lastKeepProb: ['undefined', ...keeping] } },
  ),
];

export const entryPoints: readonly EntryPoint[] = [...predicting, ...changing, ...numbers];
