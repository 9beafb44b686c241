import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  definePlugin,
  type Hooks,
  OptionError,
  PluginError,
  type TrainingPlugin,
  type Weight,
} from '../../src/index.ts';
import { trainingLoop } from '../../src/loop.ts';
import { attach } from '../../src/stock.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const plugin = (hooks: Hooks | (() => Hooks)): TrainingPlugin =>
  definePlugin({ name: 'probe', options: {}, setup: () => (typeof hooks === 'function' ? hooks() : hooks) })();
const shrinking = (strength: number): TrainingPlugin =>
  plugin({ l2: w => new Map(w.filter(({ role }) => role === 'kernel').map(({ path }) => [path, strength])) });
const net = () =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 2, inputShape: [3], kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }) }),
    ],
  });
const values = (weights: readonly { variable: tf.Variable }[]): number[] =>
  weights.flatMap(w => [...w.variable.dataSync()]);

describe('variables without a model', () => {
  test('Σ (x w − y)² + λ w² by gradient descent: the formula, step by step', () => {
    const w = tf.variable(tf.tensor2d([2], [1, 1]));
    const b = tf.variable(tf.tensor1d([1]));
    const [lambda, rate, x, y] = [0.3, 0.1, 1.5, 4];
    const loop = trainingLoop({ w, b }, tf.train.sgd(rate), shrinking(lambda));
    let [expected, bias] = [2, 1];
    for (let step = 0; step < 5; step++) {
      const J = loop.optimizer.minimize(
        () => tf.sum(tf.square(tf.sub(tf.add(tf.mul(w, x), b), y))) as tf.Scalar,
        true,
        loop.variables,
      );
      const error = expected * x + bias - y;
      expect(J?.dataSync()[0]).toBeCloseTo(error ** 2 + lambda * expected ** 2, 4);
      J?.dispose();
      [expected, bias] = [expected - rate * (2 * error * x + 2 * lambda * expected), bias - rate * 2 * error];
      expect(w.dataSync()[0]).toBeCloseTo(expected, 4);
      expect(b.dataSync()[0]).toBeCloseTo(bias, 4);
    }
    expect(loop.step).toBe(5);
    tf.dispose([w, b]);
  });

  test('what they are follows from their rank, or from what is said', () => {
    const [matrix, filter, vector, table] = [[2, 3], [3, 3, 4, 5], [7], [9, 2]].map(shape =>
      tf.variable(tf.zeros(shape)),
    );
    const given = { 'a/matrix': matrix, filter, vector, table: { variable: table, role: 'embedding', fanInAxes: [1] } };
    const loop = trainingLoop(given as never, tf.train.sgd(1));
    expect(loop.weights.map(({ path, role, fanInAxes }: Weight) => ({ path, role, fanInAxes }))).toEqual([
      { path: 'a/matrix', role: 'kernel', fanInAxes: [0] },
      { path: 'filter', role: 'kernel', fanInAxes: [0, 1, 2] },
      { path: 'vector', role: 'bias', fanInAxes: [] },
      { path: 'table', role: 'embedding', fanInAxes: [1] },
    ]);
  });

  test.each<[string, unknown, RegExp]>([
    ['nothing', {}, /at least one/],
    ['a tensor', { w: tf.zeros([1]) }, /tf.Variable for "w"/],
    ['a number', { w: 3 }, /tf.Variable for "w".*3/],
    ['null', { w: null }, /tf.Variable for "w"/],
    ['a role for no variable', { w: { role: 'kernel' } }, /tf.Variable for "w"/],
    ['null for all', null, /tf.LayersModel/],
    ['an array', [tf.variable(tf.zeros([1]))], /tf.LayersModel/],
  ])('%s is refused', (_, given, message) => {
    expect(() => trainingLoop(given as never, tf.train.sgd(1))).toThrow(OptionError);
    expect(() => trainingLoop(given as never, tf.train.sgd(1))).toThrow(message);
  });
});

describe('the doors of a loop', () => {
  const input = tf.tensor2d([1, 2, 3, -1, 0, 1], [2, 3]);
  const lossOf = (model: tf.LayersModel) => () =>
    tf.tidy(() => tf.mean(tf.square(model.apply(input, { training: true }) as tf.Tensor)) as tf.Scalar);

  test('a step is that of attach, to the bit', () => {
    const [a, b] = [net(), net()];
    const loop = trainingLoop(a, { optimizer: tf.train.adam(0.1), seed: 1 }, shrinking(0.1));
    const reg = attach(b, { optimizer: tf.train.adam(0.1), seed: 1 }, shrinking(0.1));
    for (let step = 0; step < 3; step++) {
      loop.optimizer.minimize(lossOf(a), false, loop.variables);
      reg.optimizer.minimize(
        lossOf(b),
        false,
        loop.variables.length ? b.trainableWeights.map(w => w.read() as tf.Variable) : [],
      );
    }
    expect(a.getWeights().map(w => [...w.dataSync()])).toEqual(b.getWeights().map(w => [...w.dataSync()]));
  });

  test('evaluating swaps, epochEnd is told and counts, end puts the final weights in place', async () => {
    const model = net();
    const zeros = (weights: readonly Weight[]) => new Map(weights.map(w => [w.path, tf.zerosLike(w.variable)]));
    const told: string[] = [];
    const loop = trainingLoop(
      model,
      tf.train.sgd(0.1),
      plugin({
        evaluate: zeros,
        epochEnd: (logs, _, at) => {
          told.push(`${at.epoch} ${at.step} ${logs.valLoss}`);
          return at.epoch === 1 ? { stop: 'enough', learningRate: 0.5 } : {};
        },
        end: zeros,
      }),
    );
    const seen: (string | undefined)[] = [];
    for (let stop: string | undefined; stop === undefined; seen.push(stop)) {
      loop.optimizer.minimize(lossOf(model), false, loop.variables);
      const before = values(loop.weights);
      const valLoss = await loop.evaluating(() => {
        expect(new Set(values(loop.weights))).toEqual(new Set([0]));
        return loop.step;
      });
      expect(values(loop.weights)).toEqual(before);
      ({ stop } = loop.epochEnd({ valLoss }));
    }
    expect(seen).toEqual([undefined, 'enough']);
    expect(told).toEqual(['0 1 1', '1 2 2']);
    expect(loop.epoch).toBe(2);
    loop.end();
    expect(new Set(values(loop.weights))).toEqual(new Set([0]));
  });

  test('batches go through plugins, and a plugin of batches that never sees one is refused', () => {
    const model = net();
    const doubled = plugin({ batch: ({ x, y }) => ({ x, y: { out: tf.mul(y.out as tf.Tensor, 2) } }) });
    const loop = trainingLoop(model, tf.train.sgd(0.1), doubled);
    expect(() => loop.optimizer.minimize(lossOf(model), false, loop.variables)).toThrow(/probe.*loop.batch/);
    const { y } = loop.batch({ x: { in: input }, y: { out: tf.ones([2, 1]) } });
    expect([...(y.out?.dataSync() ?? [])]).toEqual([2, 2]);
    loop.optimizer.minimize(lossOf(model), false, loop.variables);
    expect(loop.step).toBe(1);
  });

  test.each<[string, Hooks]>([
    ['step', { step: inner => inner({ x: {}, y: {} }) }],
    ['loss', { loss: l => l }],
  ])('the door %s is refused', (hook, hooks) => {
    expect(() => trainingLoop(net(), tf.train.sgd(0.1), plugin(hooks))).toThrow(
      new RegExp(`hook \`${hook}\`, which a loop written by hand cannot run`),
    );
  });

  test('state and restore: interrupted and whole are equal', async () => {
    const counting = () =>
      plugin(() => {
        let n = 0;
        return {
          afterUpdate: w => {
            n++;
            for (const { variable } of w) variable.assign(tf.mul(variable, 1 - n / 100) as tf.Tensor<tf.Rank>);
          },
          state: () => ({ tensors: {}, values: n }),
          restore: ({ values }) => {
            n = Number(values);
          },
        };
      });
    const [whole, first, second] = [net(), net(), net()];
    const open = (model: tf.LayersModel) => trainingLoop(model, { optimizer: tf.train.sgd(0.1), seed: 1 }, counting());
    const take = (loop: ReturnType<typeof open>, model: tf.LayersModel, steps: number) => {
      for (let i = 0; i < steps; i++) loop.optimizer.minimize(lossOf(model), false, loop.variables);
      return loop;
    };
    take(open(whole), whole, 5);
    const before = take(open(first), first, 2);
    second.setWeights(first.getWeights());
    const after = open(second);
    after.restore({ step: before.step, epoch: before.epoch, state: before.state() });
    take(after, second, 3);
    expect(after.step).toBe(5);
    expect(second.getWeights().map(w => [...w.dataSync()])).toEqual(whole.getWeights().map(w => [...w.dataSync()]));
  });

  test('after dispose it is refused; nothing stays behind', () => {
    const before = tf.memory().numTensors;
    const model = net();
    const loop = trainingLoop(model, tf.train.sgd(0.1), shrinking(0.1));
    loop.optimizer.minimize(lossOf(model), false, loop.variables);
    loop.dispose();
    loop.dispose();
    expect(() => loop.optimizer.minimize(lossOf(model), false, loop.variables)).toThrow(PluginError);
    loop.optimizer.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
