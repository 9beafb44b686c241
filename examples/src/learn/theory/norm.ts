/** Does dropout shrink Σ w² and spread the weights? Pairs of networks that differ in dropout alone, by optimizer and activation. */
import { mnist } from '@keepprob/datasets';
import { weightSpread } from '@keepprob/lens';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { digitsNetwork, thinned } from '../digitsNetwork.ts';
import { question } from '../question.ts';
import { type MatrixNorm, type NormJob, type NormResult, normShown } from './normShown.ts';

const settings: Readonly<
  Record<string, { hidden: number[]; activation: 'relu' | 'tanh'; optimizer: () => tf.Optimizer }>
> = {
  'ReLU, Adam 10⁻³': { hidden: [128, 128], activation: 'relu', optimizer: () => tf.train.adam(1e-3) },
  'ReLU, momentum .9, .05': { hidden: [128, 128], activation: 'relu', optimizer: () => tf.train.momentum(0.05, 0.9) },
  'ReLU, SGD .1': { hidden: [128, 128], activation: 'relu', optimizer: () => tf.train.sgd(0.1) },
  'tanh, Adam 10⁻³': { hidden: [128, 128], activation: 'tanh', optimizer: () => tf.train.adam(1e-3) },
  'softmax regression, Adam 10⁻³': { hidden: [], activation: 'relu', optimizer: () => tf.train.adam(1e-3) },
};

export async function runNorm(job: NormJob): Promise<NormResult> {
  const { setting, rows, seed, updates } = job;
  const chosen = settings[setting];
  if (!chosen) throw new RangeError(`There is no setting ${setting}.`);
  const { train } = await mnist({ train: rows, test: 1, seed });
  const measured = async (dropped: boolean): Promise<MatrixNorm[]> => {
    const plain = digitsNetwork(chosen.hidden, seed, chosen.activation);
    const model = dropped ? thinned(plain) : plain;
    const optimizer = chosen.optimizer();
    await fit(model, train, {
      ...{ loss: 'categoricalCrossentropy', optimizer, batchSize: 100, epochs: (100 * updates) / rows, seed },
      ...{ trainEvaluation: false, progress: false },
    });
    const { matrices } = await weightSpread(model);
    model.dispose();
    optimizer.dispose();
    return matrices.map(({ layer, squaredNorm, meanParticipation }) => ({
      ...{ layer, squaredNorm: +squaredNorm.toFixed(3), participation: +meanParticipation.toFixed(3) },
    }));
  };
  return { ...job, plain: await measured(false), dropout: await measured(true) };
}

export const norm = question<NormJob, NormResult>({
  name: 'norm',
  jobs: [1, 2, 3].flatMap(seed => Object.keys(settings).map(setting => ({ setting, rows: 1000, seed, updates: 600 }))),
  about: ({ setting, seed }) => `${setting}, seed ${seed}`,
  run: runNorm,
  show: normShown,
});
