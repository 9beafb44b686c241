/** The program that trains as this scene does. */
import { backendLines, dropoutLines, networkLines } from '../../stage/code.ts';
import { keepProbsOf, type Settings } from './params.ts';
import { sizes } from './reports.ts';

/** @param base the page's address, which has the digits beside it */
export function program(settings: Settings, base: string): string {
  const { lambda, maxNorm, learningRate, trainSize, epochs, seed } = settings;
  const regularizers = [lambda > 0 && `l2(${lambda})`, maxNorm > 0 && `maxNorm(${maxNorm})`].filter(Boolean);
  return `${backendLines(['@keepprob/dropout', '@keepprob/l2'])}
import { keepProbs, setKeepProb } from '@keepprob/dropout';
import { l2, maxNorm } from '@keepprob/l2';
import { fit } from '@keepprob/trainer';

// digits of MNIST: a header of five numbers, pixels of all training and dev digits, then their labels
const file = await (await fetch(${JSON.stringify(new URL('mnist.bin', base).href)})).arrayBuffer();
const [, , trainCount, devCount] = new Uint32Array(file, 0, 5);
const bytes = new Uint8Array(file, 20);
const digits = (first, count) => ({
  x: tf.tensor2d(Float32Array.from(bytes.subarray(784 * first, 784 * (first + count)), grey => grey / 255), [count, 784]),
  y: tf.oneHot(tf.tensor1d(bytes.subarray(784 * (trainCount + devCount) + first).slice(0, count), 'int32'), 10).toFloat(),
});
const train = digits(0, ${trainSize}), validation = digits(trainCount, devCount);

${networkLines(Object.values(sizes), 'softmax', seed)}
${dropoutLines('model', 'network()', keepProbsOf(settings))}

const { history } = await fit(model, train, {
  loss: 'categoricalCrossentropy',
  metrics: ['accuracy'],
  optimizer: tf.train.adam(${learningRate}),
  epochs: ${epochs},
  batchSize: 50,
  seed: ${seed},
  validation,
  plugins: [${regularizers.join(', ')}],
  progress: false,
});
history.valLoss.forEach((loss, epoch) => {
  console.log(\`epoch \${epoch + 1}: dev loss \${loss}, dev error \${1 - history.valAccuracy[epoch]}\`);
});
`;
}
