/** Whichever hook throws, and wherever: its error comes out, and every tensor of the run is let go. */
import { ema } from '@keepprob/averaging';
import { dropout } from '@keepprob/dropout';
import { jacobian, l2, l2sp } from '@keepprob/l2';
import { earlyStopping } from '@keepprob/stopping';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Hooks, TrainingPlugin } from '../../src/contract.ts';
import { definePlugin } from '../../src/index.ts';
import { attach } from '../../src/stock.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  tf.enableProdMode();
});

/** A plugin whose hook makes a tensor, and throws at its nth call. */
const throwing = (hook: keyof Hooks, nth: number): TrainingPlugin =>
  definePlugin<object>({
    name: 'throwing',
    options: {},
    setup() {
      let calls = 0;
      const thrower = (first: unknown): unknown => {
        if (hook !== 'dispose') tf.mul(tf.ones([3]), 2);
        if (++calls >= nth) throw new Error('as asked');
        if (hook === 'step') return (first as (batch: unknown) => unknown)({});
        if (hook === 'l2' || hook === 'weightDecay') return new Map();
        if (hook === 'penalty') return tf.scalar(0);
        return hook === 'batch' || hook === 'loss' || hook === 'gradients' ? first : undefined;
      };
      return { [hook]: thrower } as Hooks;
    },
  })();

const net = () => {
  const dense = (seed: number, more: object) =>
    tf.layers.dense({ units: 4, kernelInitializer: tf.initializers.glorotUniform({ seed }), ...more });
  return tf.sequential({
    layers: [
      dense(1, { inputShape: [3], activation: 'tanh', kernelRegularizer: tf.regularizers.l2() }),
      tf.layers.batchNormalization(),
      dropout({ keepProb: 0.5, seed: 1 }),
      dense(2, {}),
    ],
  });
};
/** No second derivative: TF.js finds out on the way back. */
const pooled = () =>
  tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [6, 6, 1] }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 1 }),
    ],
  });
const others = () => [l2(0.01), l2sp(0.01), ema(0.9)];

async function left(model: tf.LayersModel, plugins: readonly TrainingPlugin[]): Promise<[tensors: number, Error]> {
  const shape = (t: tf.SymbolicTensor) => [8, ...t.shape.slice(1)] as number[];
  const [x, y] = [tf.ones(shape(model.inputs[0]!)), tf.ones(shape(model.outputs[0]!))];
  const optimizer = tf.train.sgd(0.1);
  const options = { loss: 'meanSquaredError', optimizer, batchSize: 4, epochs: 3, progress: false } as const;
  const validation = { x, y };
  const run = () => fit(model, { x, y }, { ...options, validation, plugins: [...plugins] }).catch((e: Error) => e);
  await run();
  const before = tf.memory().numTensors;
  const error = await run();
  return [tf.memory().numTensors - before, error as Error];
}

const hooks = [
  'settings', 'batch', 'step', 'loss', 'penalty', 'l2', 'gradients', 'beforeUpdate', 'weightDecay', 'afterUpdate', 'evaluate', 'epochEnd', 'end',
] as const satisfies readonly (keyof Hooks)[]; // biome-ignore format: a list

describe('fit', () => {
  test.each(hooks.filter(h => h !== 'step').flatMap(hook => [1, 2].map(nth => [hook, nth] as const)))(
    '%s at its call %i',
    async (hook, nth) => {
      const [tensors, error] = await left(net(), [...others(), throwing(hook, nth), earlyStopping({ patience: 9 })]);
      if (hook !== 'end' || nth === 1) expect(`${error.message}`).toContain('as asked');
      expect(tensors).toBe(0);
    },
  );
  test('step', async () => {
    const [tensors, error] = await left(net(), [...others(), throwing('step', 1)]);
    expect(error.message).toContain('as asked');
    expect(tensors).toBe(0);
  });
  test('dispose: the others are disposed', async () => {
    const [tensors, error] = await left(net(), [ema(0.9), throwing('dispose', 1), ema(0.8)]);
    expect(`${error.message}`).toContain('as asked');
    expect(tensors).toBe(0);
  });
  test('an operation without a second derivative, on the way back', async () => {
    const [tensors, error] = await left(pooled(), [...others(), jacobian(0.01)]);
    expect(error.name).toBe('PluginError');
    expect(tensors).toBe(0);
  });
  test('a loss that throws', async () => {
    const model = net();
    const loss = () => {
      throw new Error('as asked');
    };
    const run = () =>
      fit(model, { x: tf.ones([4, 3]), y: tf.ones([4, 4]) }, { loss, optimizer: tf.train.sgd(1), plugins: others(), progress: false })
        .catch((e: Error) => e.message); // biome-ignore format: one call
    await tf.nextFrame();
    const before = tf.memory().numTensors;
    expect(await run()).toContain('as asked');
    expect(tf.memory().numTensors - before).toBeLessThanOrEqual(3); // x, y and the rate of the optimizer are the test's
  });
});

describe('attach', () => {
  test.each(['penalty', 'l2', 'gradients', 'beforeUpdate', 'weightDecay', 'afterUpdate'] as const)('%s', async hook => {
    const model = net();
    const reg = attach(model, tf.train.sgd(0.1), l2sp(0.01), l2(0.01), throwing(hook, 2));
    model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
    const [x, y] = [tf.ones([4, 3]), tf.ones([4, 4])];
    await model.trainOnBatch(x, y);
    const before = tf.memory().numTensors;
    await expect(model.trainOnBatch(x, y)).rejects.toThrow('as asked');
    expect(tf.memory().numTensors).toBe(before);
  });
});
