import '@tensorflow/tfjs';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { weightsOf } from '../../src/index.ts';

const { layers } = tfl;
const facts = (layer: tfl.layers.Layer, shape: number[]): string[] => {
  const input = tfl.input({ shape });
  const model = tfl.model({ inputs: input, outputs: layer.apply(input) as tfl.SymbolicTensor });
  return weightsOf(model).map(
    w => `${w.path.split('/').slice(1).join('/')} ${w.role} [${w.fanInAxes}]${w.trainable ? '' : ' frozen'}`,
  );
};

// The fan-in axes are those over which one output unit sums: read off the definition of each layer
test.each<[string, () => tfl.layers.Layer, number[], string[]]>([
  ['dense', () => layers.dense({ units: 2 }), [3], ['kernel kernel [0]', 'bias bias []']],
  ['conv1d', () => layers.conv1d({ filters: 2, kernelSize: 2 }), [5, 3], ['kernel kernel [0,1]', 'bias bias []']],
  ['conv2d', () => layers.conv2d({ filters: 2, kernelSize: 2 }), [5, 5, 3], ['kernel kernel [0,1,2]', 'bias bias []']],
  [
    'conv3d',
    () => layers.conv3d({ filters: 2, kernelSize: 2 }),
    [5, 5, 5, 3],
    ['kernel kernel [0,1,2,3]', 'bias bias []'],
  ],
  [
    'conv2dTranspose',
    () => layers.conv2dTranspose({ filters: 2, kernelSize: 2 }),
    [5, 5, 3],
    ['kernel kernel [0,1,3]', 'bias bias []'],
  ],
  [
    'conv3dTranspose',
    () => layers.conv3dTranspose({ filters: 2, kernelSize: 2 }) as tfl.layers.Layer,
    [5, 5, 5, 3],
    ['kernel kernel [0,1,2,4]', 'bias bias []'],
  ],
  [
    'depthwise',
    () => layers.depthwiseConv2d({ kernelSize: 2 }),
    [5, 5, 3],
    ['depthwise_kernel depthwise [0,1]', 'bias bias []'],
  ],
  [
    'separable',
    () => layers.separableConv2d({ filters: 2, kernelSize: 2 }),
    [5, 5, 3],
    ['depthwise_kernel depthwise [0,1]', 'pointwise_kernel kernel [0,1,2]', 'bias bias []'],
  ],
  [
    'simpleRNN',
    () => layers.simpleRNN({ units: 2 }),
    [4, 3],
    ['cell/kernel kernel [0]', 'cell/recurrent_kernel recurrent [0]', 'cell/bias bias []'],
  ],
  [
    'gru',
    () => layers.gru({ units: 2 }),
    [4, 3],
    ['cell/kernel kernel [0]', 'cell/recurrent_kernel recurrent [0]', 'cell/bias bias []'],
  ],
  [
    'lstm',
    () => layers.lstm({ units: 2 }),
    [4, 3],
    ['cell/kernel kernel [0]', 'cell/recurrent_kernel recurrent [0]', 'cell/bias bias []'],
  ],
  [
    'convLstm2d',
    () => layers.convLstm2d({ filters: 2, kernelSize: 2 }),
    [4, 5, 5, 3],
    ['cell/kernel kernel [0,1,2]', 'cell/recurrent_kernel recurrent [0,1,2]', 'cell/bias bias []'],
  ],
  ['embedding', () => layers.embedding({ inputDim: 9, outputDim: 2 }), [4], ['embeddings embedding [1]']],
  ['prelu', () => layers.prelu({}), [4], ['alpha gain []']],
  [
    'batchNorm',
    () => layers.batchNormalization({}),
    [4],
    ['gamma gain []', 'beta bias []', 'moving_mean other [] frozen', 'moving_variance other [] frozen'],
  ],
  [
    'timeDistributed',
    () => layers.timeDistributed({ layer: layers.dense({ units: 2 }) }),
    [4, 3],
    ['layer/kernel kernel [0]', 'layer/bias bias []'],
  ],
  [
    'bidirectional',
    () => layers.bidirectional({ layer: layers.gru({ units: 2, useBias: false }) as never }),
    [4, 3],
    [
      'forward/cell/kernel kernel [0]',
      'forward/cell/recurrent_kernel recurrent [0]',
      'backward/cell/kernel kernel [0]',
      'backward/cell/recurrent_kernel recurrent [0]',
    ],
  ],
])('%s', (_, layer, shape, expected) => expect(facts(layer(), shape)).toEqual(expected));

test('a shared layer counts once, a frozen one is marked, nested models are opened, paths survive a rebuild', () => {
  const build = (): tfl.LayersModel => {
    const shared = layers.dense({ units: 3, name: 'shared' });
    const input = tfl.input({ shape: [3] });
    const inner = tfl.sequential({
      layers: [layers.dense({ units: 3, inputShape: [3], trainable: false, useBias: false })],
    });
    const twice = shared.apply(shared.apply(input)) as tfl.SymbolicTensor;
    return tfl.model({ inputs: input, outputs: inner.apply(twice) as tfl.SymbolicTensor });
  };
  const weights = weightsOf(build());
  expect(weights.map(w => w.path)).toEqual(['1-Dense/kernel', '1-Dense/bias', '2-Sequential/0-Dense/kernel']);
  expect(weights.map(w => w.trainable)).toEqual([true, true, false]);
  expect(weights[0]!.layer).toBe('shared');
  expect(weightsOf(build()).map(w => w.path)).toEqual(weights.map(w => w.path));
});
