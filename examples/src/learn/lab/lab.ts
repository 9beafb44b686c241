/** The course's programming exercise on regularization: 2-20-3-1 on a football field, three ways, over seeds and draws of the points. */
import { type Draw, football, random } from '@keepprob/datasets/football';
import { keepProbs } from '@keepprob/dropout';
import { l2 } from '@keepprob/l2';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { question } from '../question.ts';
import { replaced } from '../replaced.ts';
import { arms, type LabJob, type LabResult } from './result.ts';
import { labShown } from './shown.ts';

const POINTS = 211;
/** The course's λ of λ/(2m) Σ w². */
const LAMBDA = 0.7;
const KEEP = 0.86;
const LEARNING_RATE = 0.3;
/** Iterations in an epoch of `fit`. */
const COPIES = 10;
/** Points of the same source that say what the network would do on all of them, nearly. */
const MANY = 5000;

interface Part {
  readonly x: tf.Tensor2D;
  readonly y: tf.Tensor2D;
}
function points(count: number, next: Draw): Part {
  const all = Array.from({ length: count }, () => football(next));
  return {
    x: tf.tensor2d(
      all.flatMap(({ at }) => at),
      [count, 2],
    ),
    y: tf.tensor2d(
      all.map(({ label }) => label),
      [count, 1],
    ),
  };
}

function network(seed: number): tf.LayersModel {
  const dense = (units: number, at: number, more: object): tf.layers.Layer =>
    tf.layers.dense({ units, kernelInitializer: tf.initializers.heNormal({ seed: 3 * seed + at }), ...more });
  return tf.sequential({
    layers: [
      dense(20, 1, { activation: 'relu', inputShape: [2], name: 'hidden1' }),
      dense(3, 2, { activation: 'relu', name: 'hidden2' }),
      dense(1, 3, { activation: 'sigmoid', name: 'output' }),
    ],
  });
}

const wrongOf = (model: tf.LayersModel, { x, y }: Part): number =>
  tf.tidy(() => {
    const answers = tf.greater(model.predict(x) as tf.Tensor, 0.5);
    const [share = Number.NaN] = tf.mean(tf.cast(tf.notEqual(answers, tf.cast(y, 'bool')), 'float32')).dataSync();
    return 100 * share;
  });

export async function runLab(job: LabJob): Promise<LabResult> {
  const { draw, seed, arm, iterations } = job;
  const [train, dev, more] = [POINTS, 200, MANY].map((count, part) => points(count, random(3 * draw + part))) as [
    Part,
    Part,
    Part,
  ];
  const model =
    arm === 'dropout'
      ? replaced(network(seed), plain => keepProbs(plain, ['hidden1', 'hidden2'], KEEP))
      : network(seed);
  const optimizer = tf.train.sgd(LEARNING_RATE);
  // a list of copies: an epoch of one update would spend more time between updates than in them
  const copies = { x: tf.tile(train.x, [COPIES, 1]), y: tf.tile(train.y, [COPIES, 1]) };
  await fit(model, copies, {
    ...{ loss: 'binaryCrossentropy', optimizer, seed, plugins: arm === 'L2' ? [l2(LAMBDA / (2 * POINTS))] : [] },
    // every iteration looks at all points
    ...{ epochs: iterations / COPIES, batchSize: POINTS, shuffle: false, trainEvaluation: false, progress: false },
  });
  const result = { ...job, train: wrongOf(model, train), dev: wrongOf(model, dev), more: wrongOf(model, more) };
  model.dispose();
  optimizer.dispose();
  tf.dispose([train, dev, more, copies].map(({ x, y }) => [x, y]));
  return result;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
const DRAWS = 3;
const SEEDS = 10;
const ITERATIONS = 10_000;

export const lab = question<LabJob, LabResult>({
  name: 'lab',
  jobs: upTo(SEEDS).flatMap(seed =>
    upTo(DRAWS).flatMap(draw => arms.map(arm => ({ draw, seed, arm, iterations: ITERATIONS }))),
  ),
  about: ({ draw, seed, arm }) => `draw ${draw}, seed ${seed}, ${arm}`,
  run: runLab,
  show: labShown,
});
