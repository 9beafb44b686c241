import { DataError } from '@keepprob/core';
import { dropout } from '@keepprob/dropout';
import type { ArrayData } from '@keepprob/trainer';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { diagnose, effectiveL2, weightSpread } from '../../src/index.ts';
import { glorot } from '../support/nets.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const rows = 40;
const normal = (columns: number, seed: number) => tf.randomNormal([rows, columns], 0, 1, 'float32', seed);

/** `left` (3 numbers) and `right` (one) to one output, `out`. */
function twoInputs(): tf.LayersModel {
  const inputs = [tf.input({ shape: [3], name: 'left' }), tf.input({ shape: [1], name: 'right' })];
  const both = tf.layers.concatenate().apply(inputs) as tf.SymbolicTensor;
  const dropped = dropout({ keepProb: 0.5, name: 'drop' }).apply(both) as tf.SymbolicTensor;
  const y = tf.layers.dense({ units: 1, name: 'out', ...glorot(1) }).apply(dropped) as tf.SymbolicTensor;
  const model = tf.model({ inputs, outputs: y });
  model.compile({ loss: 'meanSquaredError', optimizer: 'sgd' });
  return model;
}

describe('data in every form that fit takes', () => {
  const [left, right, y] = [normal(3, 1), normal(1, 2), normal(1, 3)];
  const column = (t: tf.Tensor) => tf.reshape(t, [rows]);
  const shaped = (t: tf.Tensor) => ({ data: t.dataSync() as Float32Array, shape: t.shape });
  const record = { x: { left, right }, y };
  const forms: Record<string, ArrayData> = {
    'a list of tensors': { x: [left, right], y },
    'lists for outputs, too': { x: [left, right], y: [y] },
    'records for outputs, too': { x: { right, left }, y: { out: y } },
    'data with shapes': { x: { left: shaped(left), right: shaped(right) }, y: shaped(y) },
    'nested lists': { x: { left: left.arraySync() as number[][], right: right.arraySync() as number[][] }, y },
    '[rows] for [rows, 1]': { x: [left, column(right)], y: column(y) },
  };

  test.each(Object.entries(forms))('%s', async (_, data) => {
    const model = twoInputs();
    const options = { loss: 'meanSquaredError', optimizer: tf.train.sgd(0), epochs: 1, progress: false as const };
    await expect(fit(model, data, options)).resolves.toBeDefined();
    const before = tf.memory().numTensors;
    const [asked, known] = [await effectiveL2(model, data), await effectiveL2(model, record)];
    expect([asked.penalty, asked.sampled]).toEqual([known.penalty, known.sampled]);
    const subject = (train: ArrayData) => ({ model, train, validation: record, loss: 'meanSquaredError' });
    const [found, expected] = [await diagnose(subject(data)), await diagnose(subject(record))];
    expect([found.train, found.baseline]).toEqual([expected.train, expected.baseline]);
    const spread = await weightSpread(model, { x: data.x });
    expect(spread.matrices).toEqual((await weightSpread(model, { x: record.x })).matrices);
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each<[string, ArrayData, RegExp]>([
    ['one array for two inputs', { x: left, y }, /x: .*each of left, right.*one array/],
    ['a list that is too short', { x: [left], y }, /each of left, right.*a list of 1/],
    ['another name', { x: { left, wright: right }, y }, /left, right.*left, wright/],
    ['a name too many', { x: { left, right, more: right }, y }, /left, right.*more/],
    ['other labels', { x: [left, right], y: { uot: y } }, /y: .*out.*uot/],
  ])('%s is refused', async (_, data, message) => {
    const asked = effectiveL2(twoInputs(), data);
    await expect(asked).rejects.toThrow(DataError);
    await expect(asked).rejects.toThrow(message);
  });
});
