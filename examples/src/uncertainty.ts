/** Does Monte-Carlo dropout predict better than weight scaling? Prints the table in the README of `@keepprob/dropout`. */
import { mnist } from '@keepprob/datasets';
import { keepProbs, predictWithUncertainty } from '@keepprob/dropout';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';

const SAMPLES = [2, 5, 10, 20, 50, 100];
const ROWS = 10_000;
const CLASSES = 10;

interface Score {
  /** Percentage of all rows that are wrong. */
  readonly error: number;
  /** The same for the nine tenths of the rows with the smallest entropy. */
  readonly errorOfSure: number;
  readonly crossEntropy: number;
}

/** Trains the network with each seed, and prints the means over the seeds. */
export async function uncertainty(seeds: number): Promise<void> {
  const all: Score[][] = [];
  for (let seed = 1; seed <= seeds; seed++) all.push(await scores(seed));
  const row = (name: string, read: (score: Score) => number, digits: number): void => {
    const means = ['scaling', ...SAMPLES].map((_, i) => mean(all.flatMap(one => one.slice(i, i + 1).map(read))));
    console.log(`| ${name} | ${means.map(value => value.toFixed(digits)).join(' | ')} |`);
  };
  console.log(`\n| | scaling | ${SAMPLES.map(count => `${count} samples`).join(' | ')} |`);
  console.log(`|${'---|'.repeat(SAMPLES.length + 2)}`);
  row('error %', score => score.error, 2);
  row('error % without the tenth with the largest entropy', score => score.errorOfSure, 2);
  row('cross-entropy', score => score.crossEntropy, 3);
}

/** The score of weight scaling, then that of each number of samples. */
async function scores(seed: number): Promise<Score[]> {
  const { train, test } = await mnist({ train: ROWS, test: ROWS, seed });
  const model = network(seed);
  await fit(model, train, {
    ...{ loss: 'categoricalCrossentropy', optimizer: tf.train.adam(1e-3), batchSize: 100, epochs: 20, seed },
    ...{ trainEvaluation: false, progress: 'lines' },
  });
  const x = tf.tensor2d(test.x.data, [ROWS, 784]);
  const scaled = model.predict(x, { batchSize: 1000 }) as tf.Tensor;
  const found = [score(await scaled.data<'float32'>(), test.y.data)];
  for (const samples of SAMPLES) {
    const { mean } = await predictWithUncertainty(model, x, { samples, seed, batchSize: 1000, interval: false });
    found.push(score(await mean.data<'float32'>(), test.y.data));
  }
  return found;
}

/** 784-256-256-10, ReLU, He initialization, keepProb 0.8 at the input and 0.5 behind the hidden layers. */
function network(seed: number): tf.LayersModel {
  const dense = (units: number, index: number, more: object): tf.layers.Layer =>
    tf.layers.dense({ units, kernelInitializer: tf.initializers.heNormal({ seed: 10 * seed + index }), ...more });
  const model = tf.sequential({
    layers: [
      dense(256, 1, { activation: 'relu', inputShape: [784], name: 'hidden1' }),
      dense(256, 2, { activation: 'relu', name: 'hidden2' }),
      dense(CLASSES, 3, { activation: 'softmax' }),
    ],
  });
  return keepProbs(model, { hidden1: 0.5, hidden2: 0.5 }, { input: 0.8 });
}

/** The score of predicted probabilities [rows, classes] for one-hot labels. */
function score(probabilities: ArrayLike<number>, labels: ArrayLike<number>): Score {
  const rows = Array.from({ length: labels.length / CLASSES }, (_, row) => {
    const part = (values: ArrayLike<number>): number[] =>
      Array.from({ length: CLASSES }, (_, column) => values[CLASSES * row + column] ?? 0);
    const p = part(probabilities);
    const label = part(labels).indexOf(1);
    return {
      wrong: p.indexOf(Math.max(...p)) === label ? 0 : 100,
      loss: -Math.log(Math.max(p[label] ?? 0, 1e-7)),
      entropy: -p.reduce((sum, q) => sum + (q > 0 ? q * Math.log(q) : 0), 0),
    };
  });
  const sure = [...rows].sort((a, b) => a.entropy - b.entropy).slice(0, Math.floor(0.9 * rows.length));
  return {
    error: mean(rows.map(row => row.wrong)),
    errorOfSure: mean(sure.map(row => row.wrong)),
    crossEntropy: mean(rows.map(row => row.loss)),
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
