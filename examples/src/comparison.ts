/** What a comparison is made of, and one run of one of its arms. */
import type { Plugins } from '@keepprob/core';
import { type Digits, mnist } from '@keepprob/datasets';
import { type FitEvent, fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';

export interface Arm {
  /** The same initial weights for every arm of a seed. */
  readonly model: (seed: number) => tf.LayersModel;
  readonly plugins?: readonly Plugins[];
}
export interface Comparison {
  /** What is trained, and in which ways, in a line. */
  readonly about: string;
  readonly batchSize: number;
  /** Of Adam. */
  readonly learningRate: number;
  /** Enough for the curves to level out. */
  readonly epochs: number;
  readonly arms: Readonly<Record<string, Arm>>;
}

export interface Job {
  readonly example: string;
  readonly arm: string;
  readonly seed: number;
  /** Digits to train on. */
  readonly train: number;
  /** Validation digits. */
  readonly test: number;
  readonly epochs: number;
}
export interface Result {
  readonly arm: string;
  readonly seed: number;
  readonly history: Readonly<Record<string, readonly number[]>>;
  /** Share of the validation digits that are wrong after the last epoch. */
  readonly validationError: number;
  readonly gap: number;
}

/** Trains one arm on one draw of digits. The validation set is test digits that no arm trains on. */
export async function runJob(
  { arms, batchSize, learningRate }: Comparison,
  job: Job,
  progress: (event: FitEvent) => void,
): Promise<Result> {
  const { arm, seed, train, test, epochs } = job;
  const { model: network, plugins = [] } = arms[arm]!;
  const digits = await mnist({ train, test, seed });
  const model = network(seed);
  // rows of pixels, or images: as the model takes them
  const shaped = ({ x, y }: Digits): Digits => ({
    x: { data: x.data, shape: [x.shape[0]!, ...(model.inputs[0]!.shape.slice(1) as number[])] },
    y,
  });
  const optimizer = tf.train.adam(learningRate);
  const run = await fit(model, shaped(digits.train), {
    loss: 'categoricalCrossentropy',
    optimizer,
    epochs,
    batchSize,
    seed,
    metrics: ['accuracy'],
    validation: shaped(digits.test),
    trainEvaluation: 1000,
    plugins,
    progress,
  });
  model.dispose();
  optimizer.dispose();
  return {
    arm,
    seed,
    history: run.history,
    validationError: 1 - (run.history.valAccuracy?.at(-1) ?? Number.NaN),
    gap: run.gap,
  };
}
