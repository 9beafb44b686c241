/** The functions that this package exports beside its plugins, with arguments that are right. */
import { updateBatchNorm } from '@keepprob/averaging';
import * as tf from '@tensorflow/tfjs';
import { type EntryPoint, entryPoint } from '../../../core/test/support/entryPoints.ts';

const net = (): tf.LayersModel => tf.sequential({ layers: [tf.layers.batchNormalization({ inputShape: [2] })] });
const x = (): tf.Tensor => tf.ones([8, 2]);
const model = net();

export const entryPoints: readonly EntryPoint[] = [
  entryPoint(
    'updateBatchNorm',
    () => ({ model: net(), data: x() as tf.Tensor | tf.Tensor[], options: {} }),
    args => updateBatchNorm(args.model, args.data, args.options),
    { takes: { data: ['tensor of other rows'], options: ['undefined', 'object', 'without a prototype'] } },
  ),
  entryPoint(
    'updateBatchNorm with options',
    () => ({ batchSize: 4, seed: 1 }),
    given => updateBatchNorm(model, ones, given),
    {
      takes: { batchSize: ['undefined', 'one', 'unsafe'], seed: ['undefined', 'zero', 'minus zero', 'one', 'unsafe'] },
    },
  ),
  entryPoint(
    'updateBatchNorm with labels',
    () => ({ x: x(), y: null }),
    given => updateBatchNorm(model, { x: given.x, ...(given.y === null ? {} : { y: given.y }) }),
    { takes: { x: ['tensor of other rows'], y: null } },
  ),
  entryPoint(
    'updateBatchNorm on a stream',
    () => ({ batch: undefined as tf.Tensor | undefined }),
    ({ batch }) => updateBatchNorm(model, new Set([batch ?? x()])),
    { takes: { batch: ['undefined', 'null', 'tensor of other rows'] } },
  ),
];
const ones = x();
