/** How often Monte-Carlo dropout's intervals hold what they should: those of the samples alone, and those with the noise that λ implies. */
import { choose } from '@keepprob/datasets';
import { keepProbs, modelPrecision, predictWithUncertainty } from '@keepprob/dropout';
import { l2 } from '@keepprob/l2';
import { mean } from '@keepprob/lens/statistics';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { question } from '../question.ts';
import { replaced } from '../replaced.ts';
import { carsTable, rowsOf } from './carsTable.ts';
import { type CoverageJob, type CoverageResult, coverageShown } from './coverageShown.ts';

const KEEP = 0.9;
const LEVEL = 0.95;
const SAMPLES = 100;

function network(seed: number): tf.LayersModel {
  const dense = (units: number, at: number, more: object): tf.layers.Layer =>
    tf.layers.dense({ units, kernelInitializer: tf.initializers.heNormal({ seed: 10 * seed + at }), ...more });
  const model = tf.sequential({
    layers: [
      dense(50, 1, { activation: 'relu', inputShape: [6], name: 'hidden1' }),
      dense(50, 2, { activation: 'relu', name: 'hidden2' }),
      dense(1, 3, {}),
    ],
  });
  return replaced(model, plain => keepProbs(plain, ['hidden1', 'hidden2'], KEEP));
}

export async function runCoverage(job: CoverageJob): Promise<CoverageResult> {
  const { split, lambda, held, updates } = job;
  const table = await carsTable();
  const [rows, y] = [rowsOf(table), table.y];
  const order = [...choose(y.length, y.length, split)];
  const part = (list: readonly number[]) => ({
    x: tf.tensor2d(list.map(row => rows[row] ?? [])),
    y: tf.tensor2d(list.map(row => [y[row] ?? Number.NaN])),
  });
  const [test, train] = [part(order.slice(0, held)), part(order.slice(held))];
  const model = network(split);
  const optimizer = tf.train.adam(1e-2);
  await fit(model, train, {
    ...{
      loss: 'meanSquaredError',
      optimizer,
      batchSize: y.length,
      epochs: updates,
      seed: split,
      plugins: [l2(lambda)],
    },
    ...{ trainEvaluation: false, progress: false },
  });
  // the mean squared error here has no ½: half of λ goes into τ
  const precision = modelPrecision({ keepProb: KEEP, lengthScale: 1, rows: y.length - held, l2: lambda / 2 });
  const truth = await test.y.data<'float32'>();
  const covered = async (more: object): Promise<number> => {
    const options = { samples: SAMPLES, seed: split, batchSize: held, interval: LEVEL, ...more };
    const { outputs, lower: low, upper: high } = await predictWithUncertainty(model, test.x, options);
    const [lower, upper] = [await low?.data(), await high?.data()];
    tf.dispose(Object.values(outputs).map(output => Object.values(output)));
    return (
      100 *
      mean(
        Array.from(truth, (value, i) =>
          Number(value >= (lower?.[i] ?? Number.NaN) && value <= (upper?.[i] ?? Number.NaN)),
        ),
      )
    );
  };
  const result = { ...job, samples: await covered({}), withNoise: await covered({ precision }) };
  model.dispose();
  optimizer.dispose();
  tf.dispose([test, train].map(({ x, y }) => [x, y]));
  return result;
}

export const coverage = question<CoverageJob, CoverageResult>({
  name: 'coverage',
  jobs: [1e-4, 3e-4, 1e-3].flatMap(lambda =>
    Array.from({ length: 5 }, (_, i) => ({ split: i + 1, lambda, held: 78, updates: 500 })),
  ),
  about: ({ split, lambda }) => `λ ${lambda}, split ${split}`,
  run: runCoverage,
  show: coverageShown,
});
