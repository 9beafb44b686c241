/** Dropout as an adaptive L2 penalty: what theory says of trained ReLU networks, against sampled masks. */
import { mnist } from '@keepprob/datasets';
import { effectiveL2 } from '@keepprob/lens';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { digitsNetwork, thinned } from '../digitsNetwork.ts';
import { question } from '../question.ts';
import { type Estimate, type PenaltyJob, type PenaltyResult, penaltyShown } from './penaltyShown.ts';

export async function runPenalty(job: PenaltyJob): Promise<PenaltyResult> {
  const { rows, seed, hidden, updates } = job;
  const { train } = await mnist({ train: rows, test: 1, seed });
  const model = thinned(digitsNetwork([hidden, hidden], seed));
  const optimizer = tf.train.adam(1e-3);
  await fit(model, train, {
    ...{ loss: 'categoricalCrossentropy', optimizer, batchSize: 100, epochs: (100 * updates) / rows, seed },
    ...{ trainEvaluation: false, progress: false },
  });
  const x = tf.tensor2d(train.x.data, [rows, 784]);
  const y = tf.tensor2d(train.y.data, [rows, 10]);
  const { loss, sites, penalty, sampled } = await effectiveL2(model, { x, y }, { seed });
  model.dispose();
  optimizer.dispose();
  tf.dispose([x, y]);
  const plain = ({ value, error }: Estimate): Estimate => ({
    value: +value.toPrecision(6),
    error: +error.toPrecision(4),
  });
  return {
    ...job,
    loss: +loss.value.toPrecision(6),
    sites: [
      ...sites.map(site => ({
        ...{
          name: site.isInput ? 'input' : site.name,
          theory: site.theory,
          penalty: plain(site.penalty),
          sampled: plain(site.sampled),
        },
      })),
      { name: 'all together', theory: 'sum', penalty: plain(penalty), sampled: plain(sampled) },
    ],
  };
}

export const penalty = question<PenaltyJob, PenaltyResult>({
  name: 'penalty',
  jobs: [1, 2, 3].map(seed => ({ rows: 1000, seed, hidden: 128, updates: 600 })),
  about: ({ seed }) => `seed ${seed}`,
  run: runPenalty,
  show: penaltyShown,
});
