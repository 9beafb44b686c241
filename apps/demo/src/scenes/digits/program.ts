/** The program that trains as this scene does. */
import { backendLines, dropoutLines, indented, networkLines } from '../../stage/code.ts';
import { keepProbsOf, type Settings } from './params.ts';
import { sizes } from './reports.ts';

const digitsLines = (
  trainSize: number,
  base: string,
): string => `// digits of MNIST: a header of five numbers, pixels of all training and dev digits, then their labels
const file = await (await fetch(${JSON.stringify(new URL('mnist.bin', base).href)})).arrayBuffer();
const [, , trainCount, devCount] = new Uint32Array(file, 0, 5);
const bytes = new Uint8Array(file, 20);
const digits = (first, count) => ({
  x: tf.tensor2d(Float32Array.from(bytes.subarray(784 * first, 784 * (first + count)), grey => grey / 255), [count, 784]),
  y: tf.oneHot(tf.tensor1d(bytes.subarray(784 * (trainCount + devCount) + first).slice(0, count), 'int32'), 10).toFloat(),
});
const train = digits(0, ${trainSize}), validation = digits(trainCount, devCount);`;

const pluginsOf = ({ lambda, maxNorm }: Settings): string =>
  [lambda > 0 && `l2(${lambda})`, maxNorm > 0 && `maxNorm(${maxNorm})`].filter(Boolean).join(', ');

const fitOptions = ({ learningRate, epochs }: Settings): string => `  loss: 'categoricalCrossentropy',
  optimizer: tf.train.adam(${learningRate}),
  epochs: ${epochs},
  batchSize: 50,
  progress: false,`;

const oneSeed = (settings: Settings): string => `${networkLines(Object.values(sizes), 'softmax', settings.seed)}
${dropoutLines('model', 'network()', keepProbsOf(settings))}

const { history } = await fit(model, train, {
${fitOptions(settings)}
  metrics: ['accuracy'],
  seed: ${settings.seed},
  validation,
  plugins: [${pluginsOf(settings)}],
});
history.valLoss.forEach((loss, epoch) => {
  console.log(\`epoch \${epoch + 1}: dev loss \${loss}, dev error \${1 - history.valAccuracy[epoch]}\`);
});
`;

/** Both networks for each seed. */
const severalSeeds = (settings: Settings): string => `${networkLines(Object.values(sizes), 'softmax', null)}
/** Trains, and says of each dev digit whether the network reads it wrongly. */
async function wrong(model, seed, plugins) {
  await fit(model, train, {
${fitOptions(settings).replace(/^/gm, '  ')}
    trainEvaluation: false,
    seed,
    plugins,
  });
  const { accuracy } = await evaluateRows(model, validation, { loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return accuracy.map(right => 1 - right);
}

const plain = [], regularized = [];
for (let seed = ${settings.seed}; seed < ${settings.seed + settings.seeds}; seed++) {
  plain.push(await wrong(network(seed), seed, []));
${indented(dropoutLines('model', 'network(seed)', keepProbsOf(settings)))}
  regularized.push(await wrong(model, seed, [${pluginsOf(settings)}]));
}
const mean = errors => errors.flatMap(own => Array.from(own)).reduce((sum, own) => sum + own, 0) / (errors.length * devCount);
console.log(\`dev error: plain \${mean(plain)}, regularized \${mean(regularized)}\`);
const { value, interval } = differenceOf(regularized, plain, 0.95);
console.log(\`regularized lower by \${value}, between \${interval[0]} and \${interval[1]}\`);
`;

/** @param base the page's address, which has the digits beside it */
export function program(settings: Settings, base: string): string {
  const isOne = settings.seeds === 1;
  return `${backendLines(['@keepprob/dropout', '@keepprob/l2', ...(isOne ? [] : ['@keepprob/lens'])])}
import { keepProbs, setKeepProb } from '@keepprob/dropout';
import { l2, maxNorm } from '@keepprob/l2';
${isOne ? '' : "import { differenceOf } from '@keepprob/lens/statistics';\n"}import { ${isOne ? '' : 'evaluateRows, '}fit } from '@keepprob/trainer';

${digitsLines(settings.trainSize, base)}

${isOne ? oneSeed(settings) : severalSeeds(settings)}`;
}
