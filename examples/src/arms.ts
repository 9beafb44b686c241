/** The four arms of the comparison, and one run of one of them. */
import { mnist } from '@keepprob/datasets';
import { keepProbs } from '@keepprob/dropout';
import { l2, maxNorm } from '@keepprob/l2';
import { type FitEvent, fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';

export const armNames = ['none', 'L2', 'dropout', 'dropout + L2 + max-norm'] as const;
export type ArmName = (typeof armNames)[number];

export interface Job {
  readonly arm: ArmName;
  readonly seed: number;
  readonly train: number;
  readonly test: number;
  readonly epochs: number;
}

export interface Result {
  readonly arm: ArmName;
  readonly seed: number;
  readonly history: Readonly<Record<string, readonly number[]>>;
  /** Share of the dev digits that are wrong after the last epoch. */
  readonly devError: number;
  readonly gap: number;
}

const BATCH = 100;
/** keepProb of the hidden layers and of the pixels: the values of Srivastava et al. 2014, §6.1.1. */
const HIDDEN = 0.5;
const INPUT = 0.8;
const LAMBDA = 1e-4;
const MAX_NORM = 3;

/** 784-256-256-10, ReLU; the same initial weights for every arm of a seed. */
function network(seed: number): tf.LayersModel {
  const dense = (units: number, at: number, more: object = {}): tf.layers.Layer =>
    tf.layers.dense({ units, kernelInitializer: tf.initializers.heNormal({ seed: 10 * seed + at + 1 }), ...more });
  return tf.sequential({
    layers: [
      dense(256, 0, { activation: 'relu', inputShape: [784], name: 'hidden1' }),
      dense(256, 1, { activation: 'relu', name: 'hidden2' }),
      dense(10, 2, { activation: 'softmax', name: 'digit' }),
    ],
  });
}

/** Trains one arm on one draw of digits. The dev set is test digits that no arm trains on. */
export async function runJob(job: Job, progress: (event: FitEvent) => void): Promise<Result> {
  const { arm, seed, train, test, epochs } = job;
  const digits = await mnist({ train, test, seed });
  const plain = network(seed);
  const drops = arm.startsWith('dropout');
  const model = drops ? keepProbs(plain, { hidden1: HIDDEN, hidden2: HIDDEN }, { input: INPUT }) : plain;
  const optimizer = tf.train.adam(1e-3);
  const run = await fit(model, digits.train, {
    loss: 'categoricalCrossentropy',
    optimizer,
    epochs,
    batchSize: BATCH,
    seed,
    metrics: ['accuracy'],
    validation: digits.test,
    trainEvaluation: 1000,
    plugins: [arm.includes('L2') && l2(LAMBDA), arm.includes('max-norm') && maxNorm(MAX_NORM)],
    progress,
  });
  model.dispose();
  optimizer.dispose();
  return {
    arm,
    seed,
    history: run.history,
    devError: 1 - (run.history.valAccuracy?.at(-1) ?? Number.NaN),
    gap: run.gap,
  };
}
