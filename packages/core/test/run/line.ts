/** The smallest run: ŷ = w x with w = 2, trained on x = 3, y = 0 with the squared error. J, its gradient and the update are known by hand. */
import * as tf from '@tensorflow/tfjs';
import { type Computation, openRun, type Run } from '../../src/driver.ts';
import { type Batch, definePlugin, type Hooks, type Plugins, type TrainingPlugin } from '../../src/index.ts';

export const probe = (hooks: Hooks, name = 'probe'): TrainingPlugin =>
  definePlugin({ name, options: {}, setup: () => hooks })();

export const numberOf = (t: tf.Tensor): number => t.dataSync()[0] as number;

export interface Line {
  readonly run: Run;
  readonly variables: readonly tf.Variable[];
  readonly computation: Computation;
  readonly batch: Batch;
  readonly optimizer: tf.Optimizer;
  w(): number;
}

export const RATE = 0.01;

export function line(...plugins: Plugins[]): Line {
  const [input, output] = ['x', 'y'];
  const dense = tf.layers.dense({ units: 1, inputShape: [1], useBias: false, kernelInitializer: 'ones' });
  const model = tf.sequential({ layers: [dense] });
  dense.setWeights([tf.tensor2d([[2]])]);
  const optimizer = tf.train.sgd(RATE);
  const run = openRun(model, plugins, { host: 'fit', optimizer, seed: 1, epoch: () => 0 });
  const computation: Computation = {
    predict: ({ [input]: x }) => ({ [output]: model.apply(x!, { training: true }) as tf.Tensor }),
    loss: (predictions, { y }) => tf.mean(tf.squaredDifference(y[output]!, predictions[output]!)),
    metrics: predictions => ({ said: tf.mean(predictions[output]!) }),
    penalties: () => [],
  };
  const batch: Batch = { x: { [input]: tf.tensor2d([[3]]) }, y: { [output]: tf.tensor2d([[0]]) } };
  const variables = run.weights.map(({ variable }) => variable);
  return { run, variables, computation, batch, optimizer, w: () => numberOf(variables[0]!) };
}

/** Tensors more than before. */
export function left(f: () => void): number {
  const before = tf.memory().numTensors;
  f();
  return tf.memory().numTensors - before;
}
