/** Ten thousand training steps of small nets with the kernels of recurrent layers, norms, attention and losses: nothing is left behind. */
import '@tensorflow/tfjs-backend-wasm';
import { dropoutGRU, dropoutLSTM } from '@keepprob/dropout';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { install, uninstall } from '../../src/wasm.ts';
import { wasmBackend } from '../support/heap.ts';
import { floats, integers, sizeOf } from '../support/numbers.ts';
import { keptMasks } from '../support/recurrentLayers.ts';

const STEPS = 10_000;
const input = (shape: number[], seed = 1): tf.Tensor => tf.tensor(floats(sizeOf(shape), seed), shape);

interface Net {
  readonly step: () => Promise<void>;
  readonly dispose: () => void;
}

/** Steps of a model of layers; a class for each row. */
function classifier(layers: tf.layers.Layer[], x: tf.Tensor, loss = 'categoricalCrossentropy'): Net {
  const model = tf.sequential({ layers: [...layers, tf.layers.dense({ units: 3, activation: 'softmax' })] });
  const optimizer = tf.train.adam(0.001);
  model.compile({ optimizer, loss });
  const classes = tf.tensor1d(integers(x.shape[0]!, 2, 0, 2));
  const y = loss.startsWith('sparse') ? classes : tf.tidy(() => tf.oneHot(tf.cast(classes, 'int32'), 3));
  return {
    step: async () => {
      await model.trainOnBatch(x, y);
    },
    dispose: () => {
      // the cells of TF.js keep their last masks
      tf.dispose([...model.layers.flatMap(keptMasks), x, y, classes]);
      model.dispose();
      optimizer.dispose();
    },
  };
}

/** One head of attention by `einsum`, softmax along the keys. */
function attention(): Net {
  const weights = [1, 2, 3].map(seed => tf.tidy(() => tf.variable(input([4, 4], seed))));
  const optimizer = tf.train.sgd(0.001);
  const x = input([2, 5, 4], 9);
  return {
    step: async () => {
      optimizer.minimize(
        () => {
          const [q, k, v] = weights.map(w => tf.einsum('btc,cd->btd', x, w));
          const shares = tf.softmax(tf.einsum('bqd,bkd->bqk', q!, k!));
          return tf.sum(tf.square(tf.einsum('bqk,bkd->bqd', shares, v!)));
        },
        false,
        weights,
      );
    },
    dispose: () => {
      optimizer.dispose();
      tf.dispose([...weights, x]);
    },
  };
}

const lstm = { units: 3, recurrentInitializer: 'glorotNormal' } as const;
const masking = (): tf.layers.Layer => tf.layers.masking({ maskValue: 0, inputShape: [4, 2] });
const sequences = (): tf.Tensor => tf.tidy(() => tf.concat([input([4, 2, 2]), tf.zeros([4, 2, 2])], 1));
const nets: Record<string, () => Net> = {
  'LSTM with masks and both dropouts': () =>
    classifier([masking(), tf.layers.lstm({ ...lstm, dropout: 0.2, recurrentDropout: 0.3 })], sequences()),
  'GRUs in both directions, over a sequence of states': () =>
    classifier(
      [
        masking(),
        tf.layers.bidirectional({
          layer: tf.layers.gru({ ...lstm, returnSequences: true }) as tf.RNN,
          mergeMode: 'concat',
        }),
        tf.layers.simpleRNN({ ...lstm }),
      ],
      sequences(),
      'sparseCategoricalCrossentropy',
    ),
  'dropoutLSTM, then dropoutGRU with resetAfter': () =>
    classifier(
      [
        masking(),
        dropoutLSTM({ ...lstm, keepProb: 0.8, recurrentKeepProb: 0.7, returnSequences: true, seed: 1 }),
        dropoutGRU({ ...lstm, resetAfter: true, recurrentKeepProb: 0.7, seed: 2 }),
      ],
      sequences(),
    ),
  'batch norm, layer norm and activations': () =>
    classifier(
      [
        tf.layers.dense({ units: 5, activation: 'gelu' as 'elu', inputShape: [4] }),
        tf.layers.batchNormalization(),
        tf.layers.dense({ units: 4, activation: 'elu' }),
        tf.layers.layerNormalization(),
        tf.layers.dense({ units: 4, activation: 'softplus' }),
      ],
      input([6, 4]),
    ),
  'embeddings with masks': () =>
    classifier(
      [tf.layers.embedding({ inputDim: 5, outputDim: 3, maskZero: true, inputLength: 4 }), tf.layers.lstm({ ...lstm })],
      tf.tensor2d([1, 2, 0, 0, 3, 4, 1, 0], [2, 4], 'int32'),
    ),
  'attention by einsum': attention,
};

describe('ten thousand steps', () => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
    await install();
  });
  afterAll(async () => {
    uninstall();
    await tf.setBackend('cpu');
  });

  test.each(Object.entries(nets))('%s', { timeout: 900_000 }, async (_, make) => {
    const before = tf.memory().numTensors;
    const net = make();
    const now = () => ({
      tensors: tf.memory().numTensors,
      buffers: tf.memory().numDataBuffers,
      ids: wasmBackend().numDataIds(),
    });
    for (let i = 0; i < 100; i++) await net.step();
    const [held, heap] = [now(), wasmBackend().wasm.HEAPU8.length];
    for (let i = 100; i < STEPS; i++) await net.step();
    expect(now()).toEqual(held);
    expect(wasmBackend().wasm.HEAPU8.length).toBe(heap);
    net.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
