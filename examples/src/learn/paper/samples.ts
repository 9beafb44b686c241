/** Srivastava et al. 2014, figure 11: predictions averaged over masks against weight scaling. */
import { mnist } from '@keepprob/datasets';
import { predictWithUncertainty } from '@keepprob/dropout';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { digitsNetwork, thinned } from '../digitsNetwork.ts';
import { question } from '../question.ts';
import { type SamplesJob, type SamplesResult, samplesShown } from './samplesShown.ts';

const CLASSES = 10;

/** Percentage of the rows whose most probable class is another than the label's. */
const errorOf = (probabilities: tf.Tensor, labels: tf.Tensor): number =>
  tf.tidy(() => {
    const wrong = tf.notEqual(tf.argMax(probabilities, 1), tf.argMax(labels, 1));
    const [share = Number.NaN] = tf.mean(tf.cast(wrong, 'float32')).dataSync();
    return +(100 * share).toFixed(3);
  });

export async function runSamples(job: SamplesJob): Promise<SamplesResult> {
  const { rows, test, seed, updates, samples } = job;
  const digits = await mnist({ train: rows, test, seed });
  const model = thinned(digitsNetwork([256, 256], seed));
  const optimizer = tf.train.adam(1e-3);
  await fit(model, digits.train, {
    ...{ loss: 'categoricalCrossentropy', optimizer, batchSize: 100, epochs: (100 * updates) / rows, seed },
    ...{ trainEvaluation: false, progress: false },
  });
  const x = tf.tensor2d(digits.test.x.data, [test, 784]);
  const y = tf.tensor2d(digits.test.y.data, [test, CLASSES]);
  const scaled = model.predict(x, { batchSize: 1000 }) as tf.Tensor;
  const errors: number[] = [];
  for (const count of samples) {
    const options = { samples: count, seed: 1000 * seed + count, batchSize: 1000, interval: false } as const;
    const { mean, outputs } = await predictWithUncertainty(model, x, options);
    errors.push(errorOf(mean, y));
    tf.dispose(Object.values(outputs).map(output => Object.values(output)));
  }
  const result = { ...job, scaling: errorOf(scaled, y), errors };
  model.dispose();
  optimizer.dispose();
  tf.dispose([x, y, scaled]);
  return result;
}

export const samples = question<SamplesJob, SamplesResult>({
  name: 'samples',
  jobs: [1, 2, 3].map(seed => ({
    ...{ rows: 10_000, test: 2000, seed, updates: 1000, samples: [2, 5, 10, 20, 50] },
  })),
  about: ({ seed }) => `seed ${seed}`,
  run: runSamples,
  show: samplesShown,
});
