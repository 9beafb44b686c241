/** Srivastava et al. 2014, figure 10: what dropout gains with few rows and with many; here also after how many updates. */
import { mnist } from '@keepprob/datasets';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { digitsNetwork, thinned } from '../digitsNetwork.ts';
import { question } from '../question.ts';
import { type SizesJob, type SizesResult, sizesShown } from './sizesShown.ts';

const BATCH = 100;

export async function runSizes(job: SizesJob): Promise<SizesResult> {
  const { rows, test, seed, dropped, updates } = job;
  const digits = await mnist({ train: rows, test, seed });
  const plain = digitsNetwork([128, 128], seed);
  const model = dropped ? thinned(plain) : plain;
  const optimizer = tf.train.adam(1e-3);
  const epochs = updates.map(count => (count * BATCH) / rows);
  const { history } = await fit(model, digits.train, {
    ...{ loss: 'categoricalCrossentropy', optimizer, batchSize: BATCH, epochs: Math.max(...epochs), seed },
    ...{ metrics: ['accuracy'], validation: digits.test, validationFreq: epochs, trainEvaluation: false },
    progress: false,
  });
  model.dispose();
  optimizer.dispose();
  const at = (log: string): number[] => epochs.map(epoch => history[log]?.[epoch - 1] ?? Number.NaN);
  return {
    ...job,
    errors: at('valAccuracy').map(share => +(100 * (1 - share)).toFixed(3)),
    losses: at('valLoss').map(loss => +loss.toFixed(5)),
  };
}

const SEEDS = [1, 2, 3];
const UPDATES = [300, 1500, 6000];

export const sizes = question<SizesJob, SizesResult>({
  name: 'sizes',
  jobs: SEEDS.flatMap(seed =>
    [100, 300, 1000, 10_000].flatMap(rows =>
      [false, true].map(dropped => ({ rows, test: 5000, seed, dropped, updates: UPDATES })),
    ),
  ),
  about: ({ rows, seed, dropped }) => `${rows} digits, seed ${seed}${dropped ? ', dropout' : ''}`,
  run: runSizes,
  show: sizesShown,
});
