/** A run that is captured, written, read and put into a model built anew ends with the weights of the run that went through. */
import { definePlugin, type Json, type TrainingPlugin } from '@keepprob/core';
import { openRun } from '@keepprob/core/driver';
import { dropout } from '@keepprob/dropout';
import { l2 } from '@keepprob/l2';
import { earlyStopping } from '@keepprob/stopping';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/checkpoint/checkpoint.ts';
import { compare, differences } from '../../src/checkpoint/identity/differences.ts';
import { identityOf } from '../../src/checkpoint/identity/identity.ts';
import { capture, reinstate } from '../../src/checkpoint/snapshot.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const build = (keepProb = 0.6): tf.LayersModel =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 6, inputShape: [3], activation: 'tanh' }),
      tf.layers.batchNormalization(),
      dropout({ keepProb }),
      tf.layers.dense({ units: 1 }),
    ],
  });

/** Remembers a tensor and a number: gradients become their running mean. */
const momentum: () => TrainingPlugin = definePlugin({
  name: 'mean',
  options: {},
  setup() {
    let [means, count] = [new Map<string, tf.Tensor>(), 0];
    const put = (path: string, t: tf.Tensor): void => {
      means.get(path)?.dispose();
      means.set(path, tf.keep(tf.clone(t)));
    };
    return {
      gradients(gradients) {
        count++;
        for (const [path, g] of gradients) {
          const before = means.get(path);
          put(path, before ? tf.add(tf.mul(before, 1 - 1 / count), tf.div(g, count)) : g);
        }
        return means;
      },
      state: () => ({
        tensors: Object.fromEntries([...means].map(([path, t]) => [path, tf.clone(t)])),
        values: { count, noted: Number.NaN },
      }),
      restore({ tensors, values }) {
        for (const [path, t] of Object.entries(tensors)) put(path, t);
        count = (values as { count: number }).count;
        expect((values as { noted: number }).noted).toBeNaN();
      },
      dispose: () => tf.dispose([...means.values()]),
    };
  },
});

function open(make: () => tf.Optimizer = () => tf.train.adam(0.01), model: tf.LayersModel = build()) {
  const optimizer = make();
  const plugins = [l2(0.01), momentum(), earlyStopping({ patience: 2 })];
  const run = openRun(model, plugins, { host: 'fit', optimizer, seed: 5, epoch: () => Math.floor(run.step / 4) });
  const aims = { loss: 'meanSquaredError', metrics: null, lossWeights: [1], classWeight: [undefined] };
  return { model, optimizer, run, identity: identityOf({ model, run, optimizer, plugins, aims, data: { rows: 24 } }) };
}

/** Updates up to `to`, four an epoch. */
function train({ model, run }: ReturnType<typeof open>, to: number): void {
  while (run.step < to) {
    const at = run.moment('train', { rows: [0, 6] });
    tf.tidy(() => {
      const x = tf.randomNormal([6, 3], 0, 1, 'float32', 100 + run.step);
      const J = (): tf.Tensor => tf.mean(tf.square(tf.sub(model.apply(x, { training: true }) as tf.Tensor, 0.5)));
      const variables = run.weights.filter(w => w.trainable).map(w => w.variable);
      const step = run.gradients(J, variables, at);
      run.update(step, at);
    });
    if (run.step % 4 === 0) run.epochEnd({ valLoss: Math.abs(run.step - 8) }, run.moment('evaluate'));
  }
}
const numbers = ({ run }: ReturnType<typeof open>): number[] => run.weights.flatMap(w => [...w.variable.dataSync()]);

const position = {
  epoch: 1,
  stepInEpoch: 3,
  history: { valLoss: [Number.NaN] },
  logs: {},
  averages: { rows: 18, sums: [['loss', 4]] },
  stopped: null,
};

test.each([
  ['in mid-epoch', 7],
  ['at the end of an epoch', 8],
  ['before the first update', 0],
])('captured %s', async (_, at) => {
  const whole = open();
  const start = whole.model.getWeights().map(w => w.clone());
  train(whole, 14);
  const first = open();
  first.model.setWeights(start);
  train(first, at);
  const file = encodeCheckpoint(await capture(first.run, first.optimizer, first.identity, position));
  const second = open();
  const checkpoint = decodeCheckpoint(file);
  expect(differences(checkpoint.manifest, second.identity)).toEqual([]);
  expect(checkpoint.manifest).toMatchObject({ ...position, step: at, seed: 5 });
  reinstate(checkpoint, second.run, second.optimizer);
  expect(numbers(second)).toEqual(numbers(first));
  expect(second.run.step).toBe(at);
  train(second, 14);
  expect(numbers(second)).toEqual(numbers(whole));
  // the weights of the best epoch too
  whole.run.end();
  second.run.end();
  expect(numbers(second)).toEqual(numbers(whole));
});

test('training goes on while a checkpoint is taken', async () => {
  const net = open();
  train(net, 3);
  const before = numbers(net);
  const taking = capture(net.run, net.optimizer, net.identity, position);
  train(net, 6);
  const { manifest, tensors } = await taking;
  expect(manifest.step).toBe(3);
  expect(net.run.weights.flatMap(({ path }) => [...tensors[path]!.data])).toEqual(before);
  expect(manifest.optimizerValues).toMatchObject({ iterations: 3 });
});

test('nothing is left behind', async () => {
  const [net, other] = [open(), open()];
  train(net, 5);
  reinstate(await capture(net.run, net.optimizer, net.identity, position), other.run, other.optimizer);
  const count = tf.memory().numTensors;
  for (let i = 0; i < 3; i++) {
    reinstate(await capture(net.run, net.optimizer, net.identity, position), other.run, other.optimizer);
  }
  expect(tf.memory().numTensors).toBe(count);
});

test('what a run is: the same when built again, and told apart', () => {
  const { identity } = open();
  expect(differences(identity, open().identity)).toEqual([]);
  expect(differences(identity, open(() => tf.train.adam(0.02)).identity)).toEqual([
    'optimizer.Adam.learningRate: 0.01 in the checkpoint, 0.02 now',
  ]);
  expect(differences(identity, open(undefined, build(0.7)).identity)).toEqual([
    expect.stringMatching(/^layers\.2-KeepprobDropout\.\w+: 0\.6 in the checkpoint, 0\.7 now$/),
  ]);
  const frozen = build();
  frozen.layers[0]!.trainable = false;
  expect(differences(identity, open(undefined, frozen).identity)).toEqual([
    'layers.0-Dense.trainable: true in the checkpoint, false now',
  ]);
});

describe('wiring', () => {
  /** Two layers, one after the other, and their sum; a model with them inside of another. */
  const net = (sum: (x: Symbolic, a: Symbolic, b: Symbolic) => Symbolic[], nested = false): tf.LayersModel => {
    const input = tf.input({ shape: [3] });
    const dense = () => tf.layers.dense({ units: 3 });
    const a = dense().apply(input) as Symbolic;
    const b = dense().apply(a) as Symbolic;
    const model = tf.model({ inputs: input, outputs: tf.layers.add().apply(sum(input, a, b)) as Symbolic });
    if (!nested) return model;
    const outer = tf.input({ shape: [3] });
    return tf.model({ inputs: outer, outputs: dense().apply(model.apply(outer)) as Symbolic });
  };
  type Symbolic = tf.SymbolicTensor;
  const found = (one: tf.LayersModel, other: tf.LayersModel): string[] =>
    compare('', ...([one, other].map(model => open(undefined, model).identity.wiring) as [Json, Json]));

  test.each([false, true])('is the same when built again, and told apart; nested: %s', nested => {
    const [residual, skipping] = [false, true].map(skips => () => net((x, a, b) => (skips ? [b, x] : [b, a]), nested));
    expect(found(residual!(), residual!())).toEqual([]);
    const at = nested ? '1-Model/' : '';
    expect(found(residual!(), skipping!())).toEqual([
      `${at}3-Add: "${at}2-Dense, ${at}1-Dense" in the checkpoint, "${at}2-Dense, input 0" now`,
    ]);
  });

  test('a second use of a layer, a wrapped model, and layers that follow one another', () => {
    const twice = (uses: number): tf.LayersModel => {
      const input = tf.input({ shape: [3] });
      const dense = tf.layers.dense({ units: 3 });
      const outputs = Array.from({ length: uses }, () => dense.apply(input) as Symbolic);
      const steps = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [3] })] });
      const rows = tf.layers.repeatVector({ n: 2 }).apply(outputs.at(-1)!);
      const each = tf.layers.timeDistributed({ layer: steps }).apply(rows) as Symbolic;
      return tf.model({ inputs: input, outputs: uses === 1 ? each : [outputs[0]!, each] });
    };
    expect(found(twice(2), twice(2))).toEqual([]);
    expect(found(twice(1), twice(2))).toEqual([
      '2-RepeatVector: "1-Dense" in the checkpoint, "1-Dense#1" now',
      'outputs: "3-TimeDistributed" in the checkpoint, "1-Dense, 3-TimeDistributed" now',
      '1-Dense#1: nothing in the checkpoint, "input 0" now',
    ]);
    expect(twice(1).name).not.toBe(twice(1).name);
    expect(open(undefined, twice(1)).identity.wiring).toMatchObject({
      '3-TimeDistributed/layer/0-Dense': 'input 0',
      '3-TimeDistributed/layer/outputs': '3-TimeDistributed/layer/0-Dense',
    });
    const [first] = Object.entries(open().identity.wiring as object);
    expect(first).toEqual(['0-Dense', 'input 0']);
  });
});
