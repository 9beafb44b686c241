/** A small table of three kinds that lie in a row, and a config with two spaces. */
const kinds = ['setosa', 'versicolor', 'virginica'];

const row = (i: number): string => {
  const kind = i % 3;
  const noise = (k: number): number => Math.sin(12.9898 * i + 78.233 * k);
  const sizes = [
    5 + 0.6 * kind + noise(1),
    3 - 0.2 * kind + noise(2),
    1.5 + 1.2 * kind + noise(3),
    0.7 * kind + noise(4),
  ];
  return [...sizes.map(size => size.toFixed(3)), kinds[kind]].join();
};

export const iris = (rows: number): string =>
  ['a,b,c,d,species', ...Array.from({ length: rows }, (_, i) => row(i))].join('\n');

export const keepProb = { space: 'keepProb', low: 0.3, high: 1 };
export const strength = { space: 'float', low: 1e-6, high: 1e-2, log: true, off: 0 };

export const config = {
  model: [
    { layer: 'dense', units: 6, activation: 'relu' },
    { layer: 'dropout', keepProb },
    { layer: 'dense', units: 3, activation: 'softmax' },
  ],
  data: { train: { csv: 'iris.csv' }, label: 'species', classes: kinds, scale: 'standardize' },
  loss: 'categoricalCrossentropy',
  metrics: ['accuracy'],
  optimizer: { name: 'adam', learningRate: 0.05 },
  plugins: [
    { plugin: 'l2', strength },
    { plugin: 'earlyStopping', patience: 2 },
  ],
  epochs: 3,
  batchSize: 16,
  seed: 7,
  search: { folds: { kFold: { k: 3 } }, trials: 4, confirm: { top: 1, seeds: 1 } },
};
