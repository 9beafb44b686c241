/** Would dropout help? Pairs of runs with and without it on a thousand rows: scikit-learn's small digits, and MNIST. */
import { digits, mnist, type Shaped } from '@keepprob/datasets';
import { diagnose } from '@keepprob/lens';
import * as tf from '@tensorflow/tfjs';

interface Part {
  readonly x: Shaped;
  readonly y: Shaped;
}
interface Problem {
  readonly parts: Promise<{ readonly train: Part; readonly test: Part }>;
  readonly pixels: number;
  readonly hidden: number;
  readonly epochs: number;
}
const problems: Readonly<Record<string, () => Problem>> = {
  digits: () => ({ parts: digits({ train: 1000, seed: 1 }), pixels: 64, hidden: 128, epochs: 60 }),
  mnist: () => ({ parts: mnist({ train: 1000, test: 2000, seed: 1 }), pixels: 784, hidden: 256, epochs: 100 }),
};
/** The data that `helps` knows. */
export const dataSets: readonly string[] = Object.keys(problems);

/** Trains the pairs, and prints what `diagnose` says of them. */
export async function helps(data: string, seeds: number): Promise<void> {
  const problem = problems[data]?.();
  if (!problem) throw new RangeError(`There are no data called ${data}: ${dataSets.join(' or ')}.`);
  const { parts, pixels, hidden, epochs } = problem;
  const { train, test } = await parts;
  const relu = { units: hidden, activation: 'relu', kernelInitializer: 'heNormal' } as const;
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ ...relu, inputShape: [pixels], name: 'hidden1' }),
      tf.layers.dense({ ...relu, name: 'hidden2' }),
      tf.layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });
  const found = await diagnose(
    { model, train, validation: test, loss: 'categoricalCrossentropy' },
    {
      ...{ measure: true, seeds, epochs, batchSize: 100, progress: 'lines' },
      ...{ keepProbs: { hidden1: 0.5, hidden2: 0.5 }, input: 0.8 },
    },
  );
  console.log(`\n${found.text}`);
}
