/** Srivastava et al. 2014, figures 7 and 8: hidden units with and without dropout, of the paper's autoencoder and of a classifier. */
import { type Digits, mnist } from '@keepprob/datasets';
import { keepProbs } from '@keepprob/dropout';
import { weightSpread } from '@keepprob/lens';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { digitsNetwork, HIDDEN, thinned } from '../digitsNetwork.ts';
import { question } from '../question.ts';
import { replaced } from '../replaced.ts';
import {
  type ActivationsJob,
  type ActivationsResult,
  activationsShown,
  type LayerActivity,
} from './activationsShown.ts';

const UNITS = 256;

/** 784-256-784: digits from themselves, dropout behind the hidden layer alone, as in the paper. */
function autoencoder(seed: number, dropped: boolean): tf.LayersModel {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        ...{ units: UNITS, activation: 'relu', inputShape: [784], name: 'hidden1' },
        kernelInitializer: tf.initializers.heNormal({ seed: 10 * seed + 1 }),
      }),
      tf.layers.dense({
        ...{ units: 784, activation: 'sigmoid', name: 'pixels' },
        kernelInitializer: tf.initializers.glorotNormal({ seed: 10 * seed + 2 }),
      }),
    ],
  });
  return dropped ? replaced(model, plain => keepProbs(plain, { hidden1: HIDDEN })) : model;
}

const classifier = (seed: number, dropped: boolean): tf.LayersModel => {
  const model = digitsNetwork([UNITS, UNITS], seed);
  return dropped ? thinned(model) : model;
};

const rounded = (value: number): number => +value.toFixed(4);

/** The hidden layers on digits that they were not trained on, with dropout off. */
async function activityOf(model: tf.LayersModel, { x }: Digits): Promise<LayerActivity[]> {
  const rows = tf.tensor2d(x.data, [x.data.length / 784, 784]);
  const { matrices } = await weightSpread(model, { x: rows });
  const found = matrices.slice(0, -1).map(({ layer, activations }) => {
    const read = tf.model({ inputs: model.inputs, outputs: model.getLayer(layer).output });
    const means = tf.tidy(() => tf.mean(read.predict(rows) as tf.Tensor, 0).dataSync());
    return {
      ...{ layer, zeros: rounded(activations?.zeros ?? Number.NaN) },
      ...{ sparsity: rounded(activations?.sparsity ?? Number.NaN), unitMeans: Array.from(means, rounded) },
    };
  });
  rows.dispose();
  return found;
}

export async function runActivations(job: ActivationsJob): Promise<ActivationsResult> {
  const { net, rows, test, seed, dropped, updates } = job;
  const { train, test: held } = await mnist({ train: rows, test, seed });
  const isCoder = net === 'autoencoder';
  const model = (isCoder ? autoencoder : classifier)(seed, dropped);
  const optimizer = tf.train.adam(1e-3);
  const { history } = await fit(model, isCoder ? { x: train.x, y: train.x } : train, {
    ...{ loss: isCoder ? 'binaryCrossentropy' : 'categoricalCrossentropy', optimizer, batchSize: 100, seed },
    ...{ epochs: (100 * updates) / rows, validation: isCoder ? { x: held.x, y: held.x } : held },
    ...{ validationFreq: (100 * updates) / rows, trainEvaluation: false, progress: false },
  });
  const layers = await activityOf(model, held);
  model.dispose();
  optimizer.dispose();
  return { ...job, testLoss: rounded(history.valLoss?.at(-1) ?? Number.NaN), layers };
}

export const activations = question<ActivationsJob, ActivationsResult>({
  name: 'activations',
  jobs: [1, 2, 3].flatMap(seed =>
    (['autoencoder', 'classifier'] as const).flatMap(net =>
      [false, true].map(dropped => ({ net, rows: 5000, test: 1000, seed, dropped, updates: 500 })),
    ),
  ),
  about: ({ net, seed, dropped }) => `${net}, seed ${seed}${dropped ? ', dropout' : ''}`,
  run: runActivations,
  show: activationsShown,
});
