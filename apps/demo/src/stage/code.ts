/** What the programs of several scenes have in common. */
import type { Points } from './points.ts';

/** Which packages to install, and the backend that the page computes with. */
export const backendLines = (
  packages: readonly string[],
): string => `// npm install @tensorflow/tfjs @tensorflow/tfjs-backend-wasm @keepprob/core @keepprob/trainer @keepprob/kernels ${packages.join(' ')}
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { install } from '@keepprob/kernels/wasm';

await tf.setBackend('wasm'); // as in the page; leave out these two lines where WebAssembly is not wanted
await install();
`;

/** The points of a scene as tensors called `name`. */
export const pointsLines = (points: Readonly<Record<string, Points>>): string => `// coordinates, then the class
const tensors = points => ({
  x: tf.tensor2d(points.map(point => point.slice(0, -1))),
  y: tf.tensor2d(points.map(point => point.slice(-1))),
});
${Object.entries(points)
  .map(([name, { x, y }]) => `const ${name} = tensors([${x.map((at, i) => `[${[...at, y[i]].join()}]`).join()}]);`)
  .join('\n')}`;

/**
 * A function `network` that makes what the page trains.
 * @param seed a number, or null for what `network` is called with
 * @param behind what stands behind each hidden layer, as code
 * @param around what goes around each layer, as the name of a function
 * @param more what each layer is given besides, as code
 */
export function networkLines(
  units: readonly number[],
  last: string,
  seed: number | null,
  behind = '',
  around = '',
  more = '',
): string {
  const layers = units.slice(1).map((count, i) => {
    const isLast = i === units.length - 2;
    const name = isLast ? 'output' : `hidden${i + 1}`;
    const times = units.length - 1;
    const own = seed === null ? `${times} * seed + ${i + 1}` : times * seed + i + 1;
    return `dense('${name}', ${count}, ${own}, '${isLast ? last : 'relu'}')${isLast || !behind ? '' : `, ${behind}`}`;
  });
  return `function network(${seed === null ? 'seed' : ''}) {
  const dense = (name, units, seed, activation) => ${around && `${around}(`}tf.layers.dense({
    name, units, activation, kernelInitializer: tf.initializers.heNormal({ seed }),${more && `\n    ${more},`}
  })${around && ')'};
  const input = tf.input({ shape: [${units[0]}], name: 'input' });
  const layers = [${layers.join(', ')}];
  return tf.model({ inputs: input, outputs: layers.reduce((tensor, layer) => layer.apply(tensor), input) });
}`;
}

/** A model with dropout behind these layers, at the places where the page has it, so that the masks are the same. */
export function dropoutLines(name: string, base: string, keepProbs: Readonly<Record<string, number>>): string {
  const { input, ...hidden } = keepProbs;
  const all = Object.values(keepProbs);
  const written = (entries: [string, number][]): string => entries.map(([key, value]) => `${key}: ${value}`).join(', ');
  const names = Object.keys(hidden);
  const withInput = (value: number | undefined): string => (input === undefined ? '' : `, { input: ${value} }`);
  if (all.every(value => value < 1) || all.every(value => value === 1))
    return `const ${name} = keepProbs(${base}, { ${written(Object.entries(hidden))} }${withInput(input)});`;
  // keepProbs() inserts nothing for 1, and a mask follows its place among those inserted
  const places = written(Object.entries(keepProbs).map(([layer, value]) => [`${layer}_dropout`, value]));
  return `const ${name} = keepProbs(${base}, [${names.map(each => `'${each}'`).join(', ')}], 0.5${withInput(0.5)});
setKeepProb(${name}, { ${places} });`;
}

/** Within a block. */
export const indented = (lines: string): string => lines.trim().replace(/^(?=.)/gm, '  ');

interface Descent {
  readonly learningRate: number;
  readonly iterations: number;
  readonly points: number;
  /** A number, or code. */
  readonly seed: number | string;
}

/** A call of fit() that trains `model` as worker/descent.ts does. */
export const descentLines = (
  { learningRate, iterations, points, seed }: Descent,
  more: readonly string[] = [],
): string => `const { history } = await fit(model, train, {
    loss: 'binaryCrossentropy',
    optimizer: tf.train.sgd(${learningRate}),
    epochs: ${iterations}, // of one iteration each
    batchSize: ${points},
    shuffle: false,
    seed: ${seed},
    trainEvaluation: false,${more.map(option => `\n    ${option},`).join('')}
    progress: false,
  });`;

/** Options of fit() that look at the dev points at the end. */
export const devOptions = (iterations: number): string[] => [
  "metrics: ['accuracy']",
  'validation',
  `validationFreq: ${iterations}`,
];
