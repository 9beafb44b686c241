/** Names that every object has a property of: of metrics, outputs and inputs. */
import { OptionError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { fit } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const names = Object.getOwnPropertyNames(Object.prototype).filter(name => /^[a-z]/i.test(name));
const dense = (name?: string) => tf.layers.dense({ units: 2, ...(name !== undefined && { name }) });
const x = () => tf.randomNormal([8, 3], 0, 1, 'float32', 1);
const y = () => tf.zeros([8, 2]);
const options = () => ({ optimizer: tf.train.sgd(0.01), epochs: 2, batchSize: 4, seed: 1, progress: false }) as const;

test.each(names)('a metric %s has its history', async name => {
  const metric = { [name]: (a: tf.Tensor, b: tf.Tensor) => tf.mean(tf.abs(tf.sub(a, b))) }[name]!;
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
  const validation = { x: x(), y: y() };
  const given = { ...options(), loss: 'meanSquaredError', metrics: [metric], validation };
  const { history } = await fit(model, { x: x(), y: y() }, given);
  expect(Object.hasOwn(history, name)).toBe(true);
  expect(history[name]).toHaveLength(2);
  for (const values of Object.values(history)) expect(values.every(Number.isFinite)).toBe(true);
});

test.each(names)('an output %s counts fully where the weight of its loss is not given', async name => {
  const input = tf.input({ shape: [3] });
  const outputs = [dense(name).apply(input), dense('other').apply(input)] as tf.SymbolicTensor[];
  const model = tf.model({ inputs: input, outputs });
  const given = { ...options(), loss: 'meanSquaredError', lossWeights: { other: 2 } };
  const { history } = await fit(model, { x: x(), y: { [name]: y(), other: y() } }, given);
  const first = (log: string): number => history[log]![0]!;
  expect(first('loss')).toBeCloseTo(first(`${name}Loss`) + 2 * first('otherLoss'), 5);
});

test.each(names)('an input %s is refused, as TF.js cannot call its model', async name => {
  const input = tf.input({ shape: [3], name });
  const model = tf.model({ inputs: input, outputs: dense().apply(input) as tf.SymbolicTensor });
  expect(() => model.predict(x())).toThrow(TypeError); // stock
  const fitting = fit(model, { x: x(), y: y() }, { ...options(), loss: 'meanSquaredError' });
  await expect(fitting).rejects.toThrow(OptionError);
  await expect(fitting).rejects.toThrow(`called "${name}"`);
});
