/** Masks in losses, metrics and evaluation: Σ weight × value / Σ mask, as Keras 2 counts. */
import { OptionError } from '@keepprob/core';
import { dropout } from '@keepprob/dropout';
import { weightNorm } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { evaluateRows, type FitOptions, fit, type TrainingData } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});
beforeEach(() => {
  tf.disposeVariables();
});

/** A word w is the vector [w]: the table is 0, 1, 2, … */
const embedding = (maskZero = true) =>
  tf.layers.embedding({
    inputDim: 5,
    outputDim: 1,
    maskZero,
    inputLength: 3,
    weights: [tf.range(0, 5).reshape([5, 1])],
  });
/** The prediction is twice the number of the word. */
const twice = (name = 'twice') => tf.layers.dense({ units: 1, useBias: false, name, weights: [tf.tensor2d([[2]])] });
const perStep = (maskZero = true) => tf.sequential({ layers: [embedding(maskZero), twice()] });

/** Masks steps whose vector is 0. TF.js' own Masking cannot be trained through: its forward pass compares, too. */
class ByValue extends tf.layers.Layer {
  static className = 'ByValue';
  override supportsMasking = true;
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.mul([inputs].flat()[0] ?? 0, 1);
  }
  override computeMask(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.any(tf.notEqual([inputs].flat()[0] ?? 0, 0), -1);
  }
}

const x = [
  [1, 2, 0],
  [3, 0, 0],
];
// the errors are 1, 2, (7) and 3, (5), (5)
const y = [
  [[1], [2], [7]],
  [[3], [5], [5]],
];
const quiet = { optimizer: tf.train.sgd(0), loss: 'meanSquaredError', progress: false, shuffle: false } as const;
const curves = async (model: tf.LayersModel, data: TrainingData, options: Partial<FitOptions> = {}) => {
  const { history } = await fit(model, data, { ...quiet, validation: data, ...options });
  return [history.loss?.[0], history.cleanLoss?.[0], history.valLoss?.[0]];
};
const thrice = (value: number) => [value, value, value].map(v => expect.closeTo(v, 5));

describe('a mask that reaches the output', () => {
  test('divides the sum over what it keeps by their number, for all three curves', async () => {
    expect(await curves(perStep(), { x, y })).toEqual(thrice((1 + 4 + 9) / 3));
    // without it, as ever
    expect(await curves(perStep(false), { x, y })).toEqual(thrice((1 + 4 + 49 + 9 + 25 + 25) / 6));
  });
  test('weighs sample weights of rows and of steps, and those of classes, in the sum alone', async () => {
    const ofRows = await curves(perStep(), { x, y, sampleWeight: [2, 1] });
    expect(ofRows).toEqual(thrice((2 * (1 + 4) + 9) / 3));
    const ofSteps = [
      [1, 0, 9],
      [0.5, 9, 9],
    ];
    expect(await curves(perStep(), { x, y, sampleWeight: ofSteps })).toEqual(thrice((1 + 0.5 * 9) / 3));
    const binary = {
      x,
      y: [
        [[1], [0], [1]],
        [[0], [1], [1]],
      ],
      sampleWeight: [2, 1],
    };
    // errors 1, 4, (1) and 6, (1), (1); classes 1, 0 and 0
    const [loss] = await curves(perStep(), binary, { classWeight: { 0: 3, 1: 10 } });
    expect(loss).toBeCloseTo((2 * (10 * 1 + 3 * 16) + 3 * 36) / 3, 4);
  });
  test('leaves out what is masked in metrics', async () => {
    const near = (t: tf.Tensor, p: tf.Tensor) =>
      tf.cast(tf.less(tf.squeeze(tf.abs(tf.sub(t, p)), [-1]), 2.5), 'float32');
    const { history } = await fit(perStep(), { x, y }, { ...quiet, validation: { x, y }, metrics: [near] });
    expect(history.valNear?.[0]).toBeCloseTo(2 / 3, 6);
    expect(history.near?.[0]).toBeCloseTo(2 / 3, 6);
  });
  test('is taken from each output by itself', async () => {
    const input = tf.input({ shape: [3] });
    const other = tf.input({ shape: [3, 1] });
    const masked = embedding().apply(input) as tf.SymbolicTensor;
    const outputs = [twice('a').apply(masked), twice('b').apply(other)] as tf.SymbolicTensor[];
    const model = tf.model({ inputs: [input, other], outputs });
    const words = x.map(row => row.map(w => [w]));
    const { history } = await fit(
      model,
      { x: [tf.tensor2d(x), tf.tensor3d(words)], y: [tf.tensor3d(y), tf.tensor3d(y)] },
      quiet,
    );
    expect(history.aLoss?.[0]).toBeCloseTo(14 / 3, 5);
    expect(history.bLoss?.[0]).toBeCloseTo(113 / 6, 5);
    expect(history.loss?.[0]).toBeCloseTo(14 / 3 + 113 / 6, 4);
  });
  test('is that of the call, where one layer makes two outputs', async () => {
    const [first, second] = [tf.input({ shape: [3] }), tf.input({ shape: [3] })];
    const [table, layer] = [embedding(), twice()];
    const through = (input: tf.SymbolicTensor) => layer.apply(table.apply(input)) as tf.SymbolicTensor;
    const model = tf.model({ inputs: [first, second], outputs: [through(first), through(second)] });
    const swapped = [x[1], x[0]] as number[][];
    const { history } = await fit(
      model,
      { x: [tf.tensor2d(x), tf.tensor2d(swapped)], y: [tf.tensor3d(y), tf.tensor3d(y)] },
      { ...quiet, trainEvaluation: false },
    );
    // the second: words 3 0 0 and 1 2 0 for 1 2 7 and 3 5 5
    expect(history.loss?.[0]).toBeCloseTo(14 / 3 + (25 + 1 + 1) / 3, 4);
  });
  test.each<[string, () => tf.layers.Layer[]]>([
    ['recurrent layers', () => [tf.layers.lstm({ units: 2, returnSequences: true })]],
    [
      'Bidirectional',
      () => [
        tf.layers.bidirectional({
          layer: tf.layers.gru({ units: 2, returnSequences: true }) as tf.RNN,
          mergeMode: 'concat',
        }),
      ],
    ],
    ['dropout and wrappers of ours', () => [dropout({ keepProb: 1 }), weightNorm(tf.layers.dense({ units: 2 }))]],
    ['TimeDistributed', () => [tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 2 }) })]],
    ['a layer that finds a mask in computed values, which hangs on weights', () => [new ByValue({})]],
  ])('passes %s: what stands in masked steps does not matter', async (_, between) => {
    const model = tf.sequential({ layers: [embedding(), ...between(), tf.layers.dense({ units: 1 })] });
    const otherY = y.map((row, i) => row.map((v, t) => (x[i]?.[t] === 0 ? [99] : v)));
    const [a, b] = [await curves(model, { x, y }), await curves(model, { x, y: otherY })];
    expect(a).toEqual(b);
  });
  test('of rows, by a Masking layer on features, leaves out rows', async () => {
    const model = tf.sequential({ layers: [tf.layers.masking({ maskValue: 0, inputShape: [1] }), twice()] });
    expect(await curves(model, { x: [[1], [0]], y: [[1], [5]] })).toEqual(thrice(1));
  });
  test('that keeps nothing gives the loss 0, and no gradient', async () => {
    const model = perStep();
    const before = await model.layers[1]?.getWeights()[0]?.data();
    expect(await curves(model, { x: [[0, 0, 0]], y: [[[1], [1], [1]]] }, { optimizer: tf.train.sgd(1) })).toEqual(
      thrice(0),
    );
    expect(await model.layers[1]?.getWeights()[0]?.data()).toEqual(before);
  });
  test('ends where steps end', async () => {
    const model = tf.sequential({ layers: [embedding(), tf.layers.flatten(), tf.layers.dense({ units: 1 })] });
    const [loss] = await curves(model, { x: [[0, 0, 0]], y: [[3]] });
    expect(loss).toBeGreaterThan(0);
  });
});

describe('a mask that ends at a model in the model, as in stock', () => {
  const warnings = async (inner: readonly tf.layers.Layer[], behind: readonly tf.layers.Layer[]) => {
    const input = tf.input({ shape: [3] });
    const through = (list: readonly tf.layers.Layer[], from: tf.SymbolicTensor) =>
      list.reduce((t, layer) => layer.apply(t) as tf.SymbolicTensor, from);
    const part = tf.model({ inputs: input, outputs: through(inner, input), name: 'part' });
    const whole = tf.input({ shape: [3] });
    const outputs = through(behind, part.apply(whole) as tf.SymbolicTensor);
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const [, , loss] = await curves(tf.model({ inputs: whole, outputs }), {
      x,
      y: outputs.rank === 2 ? [[1], [1]] : y,
    });
    const said = warn.mock.calls.flat().filter(text => /mask of time steps/.test(text));
    warn.mockRestore();
    return { said, loss };
  };
  test('is warned of by the name of the model', async () => {
    const { said, loss } = await warnings([embedding()], [twice()]);
    expect(said).toEqual([expect.stringContaining('the model "part"')]);
    expect(loss).toBeCloseTo(113 / 6, 5);
  });
  test('but not where no steps come out of it, and not without a mask', async () => {
    expect((await warnings([embedding(), tf.layers.flatten()], [tf.layers.dense({ units: 1 })])).said).toEqual([]);
    expect((await warnings([embedding(false)], [twice()])).said).toEqual([]);
  });
});

test('stock counts every step, masked or not', async () => {
  const model = perStep();
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const stock = [model.evaluate(tf.tensor2d(x), tf.tensor3d(y))].flat()[0];
  expect((await stock?.data())?.[0]).toBeCloseTo(113 / 6, 5);
});

describe('gradients', () => {
  test('are those of the mean over kept steps', async () => {
    const model = perStep();
    await fit(model, { x, y }, { ...quiet, optimizer: tf.train.sgd(0.1) });
    // J = Σ (k w − y)² / 3 over the words k = 1, 2, 3: dJ/dk = 2 Σ (k w − y) w / 3 with w = 2
    const [kernel = Number.NaN] = (await model.layers[1]?.getWeights()[0]?.data()) ?? [];
    expect(kernel).toBeCloseTo(2 - (0.1 * 2 * (1 * 1 + 2 * 2 + 3 * 3)) / 3, 5);
  });
});

test('evaluateRows gives each row the mean over its own steps', async () => {
  const squared = (t: tf.Tensor, p: tf.Tensor) => tf.squeeze(tf.squaredDifference(t, p), [-1]);
  const rows = await evaluateRows(
    perStep(),
    { x: [...x, [0, 0, 0]], y: [...y, [[1], [1], [1]]] },
    { loss: 'meanSquaredError', metrics: [squared] },
  );
  const expected = [2.5, 9, 0].map(v => expect.closeTo(v, 5));
  expect([...rows.loss]).toEqual(expected);
  expect([...(rows.squared ?? [])]).toEqual(expected);
});

test.each([
  ['loss', { loss: (t: tf.Tensor, p: tf.Tensor) => tf.losses.meanSquaredError(t, p) as tf.Tensor }],
  ['metrics', { metrics: [(t: tf.Tensor, p: tf.Tensor) => tf.losses.meanSquaredError(t, p) as tf.Tensor] }],
])('a function that gives one number is refused in %s before the first update', async (option, options) => {
  const model = perStep();
  const named =
    'metrics' in options
      ? { metrics: options.metrics.map(f => Object.defineProperty(f, 'name', { value: 'one' })) }
      : options;
  const run = fit(model, { x, y }, { ...quiet, optimizer: tf.train.sgd(1), ...named });
  const error = await run.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(OptionError);
  expect(error).toMatchObject({ option, message: expect.stringContaining('mask') });
  expect(await model.layers[1]?.getWeights()[0]?.data()).toEqual(new Float32Array([2]));
});

test('a stateful model, and one that fails in its pass, keep no mask and no tensor, and are as they were', async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.embedding({ inputDim: 5, outputDim: 2, maskZero: true, batchInputShape: [2, 3] }),
      tf.layers.lstm({ units: 2, returnSequences: true, stateful: true }),
      tf.layers.dense({ units: 1, name: 'twice' }),
    ],
  });
  await fit(model, { x, y }, { ...quiet, batchSize: 2 });
  const before = tf.memory().numTensors;
  const [loss] = await curves(model, { x, y }, { batchSize: 2, epochs: 2 });
  expect(loss).toBeGreaterThan(0);
  const failing = () => {
    throw new Error('no loss');
  };
  await expect(fit(model, { x, y }, { ...quiet, batchSize: 2, loss: failing })).rejects.toThrow('no loss');
  await evaluateRows(model, { x, y }, { loss: 'meanSquaredError' });
  expect(tf.memory().numTensors).toBe(before);
  expect(Object.keys(model.layers[2] as object)).not.toContain('computeMask');
  expect(Object.keys(model.layers[2] as object)).not.toContain('apply');
});
