/** J of gradient descent with dropout off and on. */
import { football, random } from '@keepprob/datasets/football';
import { keepProbs } from '@keepprob/dropout';
import { checkCost } from '@keepprob/lens';
import * as tf from '@tensorflow/tfjs';
import { question } from '../question.ts';
import { replaced } from '../replaced.ts';
import { type CostJob, type CostResult, costShown } from './costShown.ts';

const POINTS = 211;

export async function runCost(job: CostJob): Promise<CostResult> {
  const { seed, keepProb, steps } = job;
  const next = random(seed);
  const points = Array.from({ length: POINTS }, () => football(next));
  const x = tf.tensor2d(points.map(({ at: [a, b] }) => [a, b]));
  const y = tf.tensor2d(points.map(({ label }) => [label]));
  const dense = (units: number, at: number, more: object): tf.layers.Layer =>
    tf.layers.dense({ units, kernelInitializer: tf.initializers.heNormal({ seed: 3 * seed + at }), ...more });
  const network = tf.sequential({
    layers: [
      dense(20, 1, { activation: 'relu', inputShape: [2], name: 'hidden1' }),
      dense(3, 2, { activation: 'relu', name: 'hidden2' }),
      dense(1, 3, { activation: 'sigmoid', name: 'output' }),
    ],
  });
  const model = replaced(network, plain => keepProbs(plain, ['hidden1', 'hidden2'], keepProb));
  const data = { x, y };
  const found = await checkCost(model, data, {
    ...{ loss: 'binaryCrossentropy', learningRate: 0.3, steps, seed, progress: false },
  });
  model.dispose();
  tf.dispose([x, y]);
  const plain = (costs: readonly number[]): number[] => costs.map(cost => +cost.toPrecision(5));
  return {
    ...{ ...job, verdict: found.verdict, rises: found.descent.rises.length },
    ...{ off: plain(found.descent.costs), on: plain(found.underDropout?.costs ?? []) },
  };
}

export const cost = question<CostJob, CostResult>({
  name: 'cost',
  jobs: Array.from({ length: 10 }, (_, i) => ({ seed: i + 1, keepProb: 0.86, steps: 100 })),
  about: ({ seed }) => `seed ${seed}`,
  run: runCost,
  show: costShown,
});
