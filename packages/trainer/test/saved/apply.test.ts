/** What was done to training rows, done to others. */
import { DataError } from '@keepprob/core';
import { applyPreprocessing, type Preprocessing, undoLabelScaling } from '@keepprob/trainer/model';
import { rowEncoder } from '@keepprob/trainer/table';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const read = (x: tf.Tensor): unknown => {
  const values = x.arraySync();
  x.dispose();
  return values;
};

const disposed = (): tf.Tensor => {
  const tensor = tf.tensor2d([[1, 2]]);
  tensor.dispose();
  return tensor;
};

const pets: Preprocessing = {
  columns: ['age', 'kind', 'name'],
  encodings: [
    { column: 'age', type: 'number', impute: 'indicator', fill: 4 },
    { column: 'kind', type: 'oneHot', values: ['cat', 'dog'], impute: 'mode', fill: 'dog' },
    { column: 'name', type: { hash: 4 } },
  ],
  scaling: { offset: [2, 0, 0, 0, 0, 0, 0, 0], divisor: [2, 1, 1, 1, 1, 1, 1, 1] },
  shape: [8],
};

describe('records', () => {
  test('become inputs: gaps are filled, words are places, text is hashed, and all are scaled', () => {
    const [young, gap] = read(
      applyPreprocessing(pets, [
        { name: 'a', kind: 'cat', age: 6 },
        { name: '', kind: null, age: Number.NaN },
      ]),
    ) as number[][];
    expect(young?.slice(0, 4)).toEqual([2, 0, 1, 0]);
    // the same numbers that a table gives
    const table = rowEncoder({ path: 't', header: ['name', 'kind', 'age'] }, pets.encodings ?? []);
    const data = new Float32Array(8);
    table.write({ line: 1, fields: ['a', 'cat', '6'] }, data, 0);
    expect(young?.slice(1)).toEqual([...data.slice(1)]);
    expect(gap).toEqual([1, 1, 0, 1, 0, 0, 0, 0]);
  });

  test('have their numbers to the last digit, whatever they look like as text', () => {
    const numbers = [1e-7, 1e21, -0, 5e-324, 0.1, 123456789];
    const known = { columns: ['a'], shape: [1] };
    expect(
      read(
        applyPreprocessing(
          known,
          numbers.map(a => ({ a })),
        ),
      ),
    ).toEqual(numbers.map(a => [Math.fround(a) + 0]));
  });

  test('a word that no training row had is 0 in all places', () => {
    const [row] = read(applyPreprocessing(pets, [{ name: '', kind: 'emu', age: 2 }])) as number[][];
    expect(row).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test.each<[string, Preprocessing, readonly Record<string, unknown>[], string]>([
    [
      'no such column',
      pets,
      [{ kind: 'cat', age: 1, nam: 'a' }],
      'rows: expected a column "name". Received: kind, age, nam. Did you mean "nam"?',
    ],
    [
      'a word for a number',
      pets,
      [
        { kind: 'cat', age: 1, name: 'a' },
        { kind: 'cat', age: 'old', name: '' },
      ],
      'rows, row 1, column "age": expected a number. Received: "old".',
    ],
    [
      'an object for a word',
      pets,
      [{ kind: {}, age: 1, name: 'a' }],
      'rows, row 0, column "kind": expected a number, a word, or null. Received: {',
    ],
    [
      'a gap where there was none',
      { columns: ['a'], shape: [1] },
      [{ a: null }],
      'expected a number, as no training row lacked one. Received: an empty field.',
    ],
    [
      'a gap where such rows were left out',
      { encodings: [{ column: 'a', type: 'number', impute: 'drop' }], shape: [1] },
      [{ a: null }],
      'rows, row 0: expected a value in each column',
    ],
    [
      'infinity',
      { columns: ['a'], shape: [1] },
      [{ a: Number.POSITIVE_INFINITY }],
      'expected a number. Received: "Infinity".',
    ],
    ['columns for a model of arrays', { shape: [1] }, [{ a: 1 }], 'trained on arrays and knows no columns'],
    ['another shape', { columns: ['a'], shape: [3] }, [{ a: 1 }], 'rows of shape [3]. Received: shape [1,1]'],
  ])('%s is refused, and leaves no tensor', (_, known, rows, message) => {
    const before = tf.memory().numTensors;
    expect(() => applyPreprocessing(known, rows as readonly Record<string, string>[])).toThrow(DataError);
    expect(() => applyPreprocessing(known, rows as readonly Record<string, string>[])).toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('numbers', () => {
  const known: Preprocessing = { scaling: { offset: [1], divisor: [2] }, shape: [2, 1] };
  test.each<[string, () => Parameters<typeof applyPreprocessing>[1]]>([
    [
      'lists',
      () => [
        [1, 3],
        [5, 7],
      ],
    ],
    [
      'a tensor',
      () =>
        tf.tensor2d(
          [
            [1, 3],
            [5, 7],
          ],
          [2, 2],
          'int32',
        ),
    ],
    ['a typed array with its shape', () => ({ data: Uint8Array.of(1, 3, 5, 7), shape: [2, 2] })],
  ])('%s are scaled, and have the shape of a row', (_, rows) => {
    const x = applyPreprocessing(known, rows());
    expect([x.shape, [...x.dataSync()]]).toEqual([
      [2, 2, 1],
      [0, 1, 2, 3],
    ]);
    x.dispose();
  });

  test.each<[string, Preprocessing, unknown, string]>([
    ['words', pets, [[1, 2]], 'records by the names of the columns'],
    ['a row too short', known, [[1], [2]], 'rows of shape [2,1]. Received: shape [2,1]'],
    ['one number', known, 3, 'rows of shape [2,1]. Received: shape []'],
    [
      'other columns than were scaled',
      { scaling: { offset: [1, 2, 3], divisor: [1, 1, 1] }, shape: [2] },
      [[1, 2]],
      '3 numbers in a row, as were scaled. Received: 2',
    ],
    [
      'lists of other lengths, which have the right number of values',
      { shape: [2] },
      [[1, 2], [3], [4, 5, 6]],
      'lists of equal lengths, shape [3,2] as the first ones have',
    ],
    ['a list of tensors', { shape: [1] }, [tf.scalar(1), tf.scalar(2)], 'one array; with several inputs'],
    ['a tensor that was disposed', { shape: [2] }, disposed(), 'a tensor in use. Received: a tensor that was disposed'],
    ['a function', known, () => 1, 'records by the names of the columns, or numbers'],
  ])('%s are refused', (_, given, rows, message) => {
    const before = tf.memory().numTensors;
    expect(() => applyPreprocessing(given, rows as number[][])).toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('labels are in their own units again', () => {
  const known: Preprocessing = { labelScaling: { offset: [100, 0], divisor: [20, 2] }, shape: [1] };
  const y = tf.tensor2d([
    [0, 1],
    [1.5, -1],
  ]);
  expect(read(undoLabelScaling(known, y))).toEqual([
    [100, 2],
    [130, -2],
  ]);
  expect(read(undoLabelScaling({ shape: [1] }, y))).toEqual([
    [0, 1],
    [1.5, -1],
  ]);
  expect(y.isDisposed).toBe(false);
  y.dispose();
  expect(() => undoLabelScaling(known, y)).toThrow('Received: a tensor that was disposed');
});

test('a model that knows nothing says where it could come from', () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  expect(() => applyPreprocessing(model, [[1]])).toThrow(/preprocessing\.json next to a model/);
  expect(() => applyPreprocessing(JSON.parse('null'), [[1]])).toThrow(DataError);
  model.dispose();
});
