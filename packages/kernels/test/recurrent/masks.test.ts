/**
 * Recurrent layers with masks and dropout, with our kernels against what they are without: masks of dropout are drawn bit for bit alike.
 * `npm test` gives every layer one mask, `npm run test:long` also none and one of integers.
 */
import '@tensorflow/tfjs-backend-wasm';
import { dropoutGRU, dropoutLSTM, dropoutSimpleRNN } from '@keepprob/dropout';
import * as tf from '@tensorflow/tfjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { allCases, expectAlike, expectSame } from '../support/numbers.ts';
import {
  answers,
  drawingAlike,
  forget,
  input,
  keptMasks,
  kernelsOf,
  layerOf,
  type Make,
  names,
  seeded,
  withOurs,
} from '../support/recurrentLayers.ts';

let tensors: number;
beforeAll(async () => {
  await tf.setBackend('wasm');
});
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});
afterAll(async () => {
  await tf.setBackend('cpu');
});

/** A row that ends, one with holes, one that begins late, one of nothing, and one of all; numbers other than 0 count as 1, as TF.js has it. */
const mask = (dtype: 'bool' | 'int32' | 'float32' = 'bool', shape = [5, 4]): tf.Tensor =>
  tf.tensor([1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1], shape, dtype);

const stock: Record<string, object> = {
  'its defaults': {},
  'all outputs, backwards': { returnSequences: true, goBackwards: true },
  'its states, and carried to the next batch': { stateful: true, batchInputShape: [5, 4, 3], returnState: true },
  dropout: { dropout: 0.4 },
  'dropout of its state': { recurrentDropout: 0.4 },
  'both dropouts, backwards': { dropout: 0.3, recurrentDropout: 0.5, goBackwards: true, returnSequences: true },
  'a dropout of its own': { recurrentDropout: 0.4, dropoutFunc: (x: tf.Tensor) => tf.mul(x, 0.5) },
};

/** What a layer answers with our kernels, alone, and without. */
async function bothOf(
  make: Make,
  asked: Parameters<typeof answers>[1] = {},
  cells = 1,
): Promise<[Float32Array[], Float32Array[]]> {
  const without = drawingAlike(() => answers(make, asked));
  const ours = await withOurs(async () => {
    const ran = await kernelsOf(() => drawingAlike(() => answers(make, asked)));
    expect(ran.length).toBe(4 * cells);
    return drawingAlike(() => answers(make, asked));
  });
  return [ours, without];
}

describe.each(names)('%s of TF.js', name => {
  test.each(Object.entries(stock))('%s', async (_, args) => {
    for (const asked of allCases ? [{}, { mask: mask() }, { mask: mask('int32', [5, 4, 1]) }] : [{ mask: mask() }]) {
      const [ours, without] = await bothOf(layerOf(name, args), asked);
      expectAlike(ours, without);
      tf.dispose(Object.values(asked));
    }
  });

  test('in both directions, behind a layer that masks', async () => {
    const make = (): tf.LayersModel =>
      tf.sequential({
        layers: [
          tf.layers.masking({ maskValue: 0, inputShape: [4, 3] }),
          tf.layers.bidirectional({ layer: layerOf(name)() as tf.RNN, mergeMode: 'concat' }),
        ],
      });
    const predict = (): Float32Array =>
      tf.tidy(() => {
        const model = make();
        const x = tf.mul(input([5, 4, 3]), tf.expandDims(mask('float32'), 2));
        const y = (model.predict(x) as tf.Tensor).dataSync<'float32'>().slice();
        model.dispose();
        return y;
      });
    const without = predict();
    await withOurs(async () => {
      expect((await kernelsOf(predict)).length).toBe(2);
      expectAlike([predict()], [without]);
    });
  });

  test('of two cells, one over the other', async () => {
    const cells = { LSTM: tf.layers.lstmCell, GRU: tf.layers.gruCell, SimpleRNN: tf.layers.simpleRNNCell };
    const args = { units: 6, ...seeded, dropout: 0.3, recurrentDropout: 0.4 };
    const variants = [{}, { goBackwards: true, returnSequences: true }, { returnState: true }];
    for (const more of variants) {
      const made = (): tf.RNN['cell'] => [cells[name]({ ...args, units: 5 }), cells[name](args)] as never;
      const make: Make = () => tf.layers.rnn({ ...more, cell: made() });
      for (const asked of [{}, { mask: mask() }]) {
        const [ours, without] = await bothOf(make, asked, 2);
        expectAlike(ours, without);
        tf.dispose(Object.values(asked));
      }
    }
  });

  test('masks are those that stock draws, bit for bit', async () => {
    const drawn = (): Float32Array[] =>
      drawingAlike(() =>
        tf.tidy(() => {
          const layer = layerOf(name, { dropout: 0.4, recurrentDropout: 0.3 })();
          layer.apply(input([5, 4, 3]), { training: true });
          const masks = keptMasks(layer).map(t => t.dataSync<'float32'>().slice());
          forget(layer);
          return masks;
        }),
      );
    const without = drawn();
    expect(new Set(without[0])).toEqual(new Set([0, Math.fround(1 / 0.6)]));
    const ours = await withOurs(drawn);
    expect(ours.length).toBe(without.length);
    for (const [i, values] of ours.entries()) expectSame(values, without[i]!);
  });

  test('`tf.layers.rnn` keeps the masks of its first sequence, also ones', async () => {
    const cells = { LSTM: tf.layers.lstmCell, GRU: tf.layers.gruCell, SimpleRNN: tf.layers.simpleRNNCell };
    const say = (trainingFirst: boolean): Float32Array[] =>
      drawingAlike(() =>
        tf.tidy(() => {
          const cell = cells[name]({ units: 6, ...seeded, dropout: 0.4, recurrentDropout: 0.3 });
          const layer = tf.layers.rnn({ cell: cell as tf.RNN['cell'] });
          const calls = [trainingFirst, !trainingFirst, true].map(training => {
            const y = layer.apply(input([5, 4, 3]), { training }) as tf.Tensor;
            return y.dataSync<'float32'>().slice();
          });
          forget(layer);
          return calls;
        }),
      );
    for (const trainingFirst of [true, false]) {
      const without = say(trainingFirst);
      expectAlike(await withOurs(() => say(trainingFirst)), without);
    }
  });

  test('NaN in a step that does not count goes where it goes in stock', async () => {
    const nans = (): boolean[] =>
      tf.tidy(() => {
        const layer = layerOf(name, { returnSequences: true })();
        const values = input([5, 4, 3]).dataSync().slice();
        values[2 * 3 + 1] = Number.NaN; // row 0, step 2
        const y = layer.apply(tf.tensor(values, [5, 4, 3]), { mask: mask() }) as tf.Tensor;
        const result = Array.from(y.dataSync(), Number.isNaN);
        forget(layer);
        return result;
      });
    const without = nans();
    expect(without).toContain(true);
    expect(await withOurs(nans)).toEqual(without);
  });
});

const ours = { dropoutLSTM, dropoutGRU, dropoutSimpleRNN };
const variants: [string, keyof typeof ours, object][] = [
  ...(['dropoutLSTM', 'dropoutGRU', 'dropoutSimpleRNN'] as const).flatMap(factory => [
    [factory, factory, {}] as [string, keyof typeof ours, object],
    [`${factory} backwards`, factory, { goBackwards: true, returnSequences: true }] as [
      string,
      keyof typeof ours,
      object,
    ],
  ]),
  ['dropoutGRU with resetAfter', 'dropoutGRU', { resetAfter: true }],
  ['dropoutGRU with resetAfter, without biases', 'dropoutGRU', { resetAfter: true, useBias: false }],
];
const rates: [string, object][] = [
  ['nothing dropped', {}],
  ['inputs dropped', { keepProb: 0.6 }],
  ['inputs and states dropped', { keepProb: 0.6, recurrentKeepProb: 0.7 }],
];

describe.each(variants)('%s', (_, factory, args) => {
  test.each(rates)('%s', async (__, dropping) => {
    const make: Make = () => ours[factory]({ units: 6, seed: 5, ...seeded, ...args, ...dropping });
    for (const asked of allCases ? [{}, { mask: mask() }] : [{ mask: mask() }]) {
      const [kernels, without] = await bothOf(make, asked);
      expectAlike(kernels, without);
      tf.dispose(Object.values(asked));
    }
  });
});

test('a call of somebody else’s beneath the dropout goes to stock', async () => {
  await withOurs(async () => {
    const layer = dropoutLSTM({ units: 3, recurrentKeepProb: 0.5, seed: 1 });
    const { call } = layer.cell;
    layer.cell.call = call;
    expect(await kernelsOf(() => layer.apply(tf.zeros([2, 3, 2]), { training: true }))).toEqual([]);
    forget(layer);
  });
});
