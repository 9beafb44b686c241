/** A small table: is a point inside the circle of radius 0.8? */
export const points: readonly (readonly [a: number, b: number])[] = Array.from({ length: 160 }, (_, i) => [
  Number(Math.sin(12.9898 * i).toFixed(4)),
  Number(Math.sin(78.233 * i + 1).toFixed(4)),
]);

export const inside = ([a, b]: readonly [number, number]): boolean => a * a + b * b < 0.64;

export const table: string = [
  'a,b,place',
  ...points.map(point => `${point.join()},${inside(point) ? 'inside' : 'outside'}`),
].join('\n');

export const config = {
  model: [
    { layer: 'dense', units: 12, activation: 'relu' },
    { layer: 'dropout', keepProb: 0.8 },
    { layer: 'dense', units: 2, activation: 'softmax' },
  ],
  data: {
    train: { csv: 'circles.csv' },
    validation: 0.25,
    label: 'place',
    classes: ['inside', 'outside'],
    scale: 'standardize',
  },
  loss: 'categoricalCrossentropy',
  metrics: ['accuracy'],
  optimizer: { name: 'adam', learningRate: 0.01 },
  plugins: [{ plugin: 'l2', strength: 1e-4 }],
  epochs: 4,
  batchSize: 20,
  seed: 7,
};
