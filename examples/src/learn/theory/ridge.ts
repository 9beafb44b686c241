/** Linear regression with dropout at the input, through the real layer, against ridge regression and least squares in closed form. */
import { dropout } from '@keepprob/dropout';
import { mean } from '@keepprob/lens/statistics';
import { cosine, schedule } from '@keepprob/schedules';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { question } from '../question.ts';
import { carsTable, rowsOf } from './carsTable.ts';
import { type RidgeJob, type RidgeResult, ridgeShown } from './ridgeShown.ts';
import { solve } from './solve.ts';

const LEARNING_RATE = 0.02;

const product = (a: readonly number[], b: readonly number[]): number => mean(a.map((v, i) => v * (b[i] ?? Number.NaN)));

/** (XᵀX + ratio diag XᵀX)⁻¹ Xᵀy, from columns. */
function ridge(columns: readonly (readonly number[])[], y: readonly number[], ratio: number): number[] {
  const matrix = columns.map((a, i) => columns.map((b, j) => product(a, b) * (i === j ? 1 + ratio : 1)));
  return solve(
    matrix,
    columns.map(column => product(column, y)),
  );
}

export async function runRidge(job: RidgeJob): Promise<RidgeResult> {
  const { keepProb, seed, updates } = job;
  const table = await carsTable();
  const { columns, y } = table;
  const data = { x: tf.tensor2d(rowsOf(table)), y: tf.tensor2d([...y], [y.length, 1]) };
  const model = tf.sequential({
    layers: [
      dropout({ keepProb, inputShape: [columns.length] }),
      tf.layers.dense({ units: 1, useBias: false, kernelInitializer: 'zeros' }),
    ],
  });
  const optimizer = tf.train.adam(LEARNING_RATE);
  await fit(model, data, {
    ...{ loss: 'meanSquaredError', optimizer, seed, epochs: updates, batchSize: y.length, shuffle: false },
    ...{ plugins: [schedule({ learningRate: cosine({ from: LEARNING_RATE, to: 0, steps: updates }) })] },
    ...{ trainEvaluation: false, progress: false },
  });
  const [kernel] = model.getWeights();
  const rounded = (value: number): number => +value.toFixed(5);
  const result = {
    ...job,
    trained: Array.from((await kernel?.data<'float32'>()) ?? [], rounded),
    ridge: ridge(columns, y, (1 - keepProb) / keepProb).map(rounded),
    leastSquares: ridge(columns, y, 0).map(rounded),
  };
  model.dispose();
  optimizer.dispose();
  tf.dispose(data);
  return result;
}

export const ridgeRegression = question<RidgeJob, RidgeResult>({
  name: 'ridge',
  jobs: [0.5, 0.8].flatMap(keepProb => [1, 2, 3].map(seed => ({ keepProb, seed, updates: 3000 }))),
  about: ({ keepProb, seed }) => `keepProb ${keepProb}, seed ${seed}`,
  run: runRidge,
  show: ridgeShown,
});
