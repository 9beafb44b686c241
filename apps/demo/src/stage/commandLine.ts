/** What `keepprob`, the command line, needs to train what a page trains: a config, and the data as tables. */
import type { Points } from './points.ts';

export interface TextFile {
  readonly name: string;
  /** Made when it is asked for. */
  readonly text: () => string | Promise<string>;
}

/** Files and what is to be said of them; or why there are none. */
export type ForCommandLine =
  | {
      readonly files: readonly [config: TextFile, ...data: TextFile[]];
      readonly command: 'train' | 'search';
      readonly note: string;
    }
  | { readonly why: string };

export interface Layer {
  readonly units: number;
  /** Behind it, where units are dropped: a number, or a space of the search. */
  readonly keepProb?: unknown;
}

export interface Asked {
  /** The share of inputs that is kept. */
  readonly keepProbInput?: number;
  readonly hidden: readonly Layer[];
  readonly output: { readonly units: number; readonly activation: 'sigmoid' | 'softmax' };
  /** More of the config: data, loss, options. */
  readonly more: Readonly<Record<string, unknown>>;
}

const dropout = (keepProb: unknown): object[] =>
  keepProb === undefined || keepProb === 1 ? [] : [{ layer: 'dropout', keepProb }];

/** keepprob.json */
export function configOf({ keepProbInput, hidden, output, more }: Asked): string {
  const kernelInitializer = 'heNormal';
  const model = [
    ...dropout(keepProbInput),
    ...hidden.flatMap(({ units, keepProb }, i) => [
      { layer: 'dense', name: `hidden${i + 1}`, units, activation: 'relu', kernelInitializer },
      ...dropout(keepProb),
    ]),
    { layer: 'dense', name: 'output', ...output, kernelInitializer },
  ];
  const $schema = './node_modules/keepprob/config.schema.json';
  return `${JSON.stringify({ $schema, model, ...more }, null, 2)}\n`;
}

/** Points as a table: x1, x2, …, class. */
export function csvOf({ x, y }: Points): string {
  const head = [...(x[0] ?? []).map((_, i) => `x${i + 1}`), 'class'];
  return `${[head, ...x.map((at, i) => [...at, y[i] ?? 0])].map(row => row.join()).join('\n')}\n`;
}

/** The keys of a config that trains on points, and judges on dev points. */
export const onPoints = (batchSize: number): Readonly<Record<string, unknown>> => ({
  data: { train: { csv: 'train.csv' }, validation: { csv: 'dev.csv' }, label: 'class' },
  loss: 'binaryCrossentropy',
  metrics: ['accuracy'],
  batchSize,
  trainEvaluation: false,
});

export interface Descent {
  /** In the training set. */
  readonly points: number;
  readonly learningRate: number;
  readonly iterations: number;
  readonly seed: number;
}

/** The same, by gradient descent on all points at a time. */
export const byDescent = ({ points, learningRate, iterations, seed }: Descent): Readonly<Record<string, unknown>> => ({
  ...onPoints(points),
  optimizer: { name: 'sgd', learningRate },
  epochs: iterations,
  shuffle: false,
  seed,
  checkpoint: { every: { steps: iterations } },
});

/** Both tables of points. */
export const pointFiles = (made: () => { readonly train: Points; readonly dev: Points }): TextFile[] => [
  { name: 'train.csv', text: () => csvOf(made().train) },
  { name: 'dev.csv', text: () => csvOf(made().dev) },
];

/** How the other seeds of a page are trained; empty where there are none. */
export const furtherSeeds = ({ seed, seeds }: { readonly seed: number; readonly seeds: number }): string =>
  seeds === 1
    ? ''
    : ` For each of the other seeds, ${seed + 1} to ${seed + seeds - 1}, run it again with --seed and a folder of its own: --seed ${seed + 1} --out runs/seed-${seed + 1}.`;

/** Where weights begin is drawn by whoever trains. */
export const otherWeights =
  'The same data and network. Its weights begin at other random numbers, so its curve is another run of the same experiment.';
