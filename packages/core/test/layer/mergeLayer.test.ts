/** Layers of several inputs: what they give, what they refuse, and what they do with masks. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { OptionError, option, PluginError } from '../../src/index.ts';
import { defineMergeLayer, isIdentityAtInference } from '../../src/layers.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** The first input in training, the mean of all at inference. */
const first = defineMergeLayer<{ factor?: number }>({
  name: 'first',
  className: 'TestFirst',
  options: { factor: option.number({ fallback: 1 }) },
  forward: ([x], { factor }) => tf.mul(x!, factor),
  inference: xs => tf.div(tf.addN([...xs]), xs.length),
});
const pair = defineMergeLayer({
  ...{ name: 'pair', className: 'TestPair', inputs: 2, options: {} },
  forward: ([a, b]) => tf.add(a!, b!),
  inference: ([a, b]) => tf.add(a!, b!),
});
const input = (...shape: number[]): tf.SymbolicTensor => tf.input({ shape });
const numbers = (x: tf.Tensor | tf.Tensor[]): number[] => Array.from([x].flat()[0]!.dataSync());

test.each([2, 3, 4])('%i inputs: one output of their shape, another in training than at inference', count => {
  const inputs = Array.from({ length: count }, () => input(2));
  const model = tf.model({ inputs, outputs: first({ factor: 3 }).apply(inputs) as tf.SymbolicTensor });
  expect(model.outputShape).toEqual([null, 2]);
  const xs = inputs.map((_, i) => tf.tensor2d([[i, i + 1]]));
  const mean = (count - 1) / 2;
  expect(numbers(model.predict(xs) as tf.Tensor)).toEqual([mean, mean + 1]);
  expect(numbers(model.apply(xs, { training: true }) as tf.Tensor)).toEqual([0, 3]);
});

describe('what it is applied to', () => {
  const shapes = [input(2), input(3)];
  test.each<[string, () => unknown, RegExp]>([
    [
      'one tensor',
      () => first().apply(input(2)),
      /^first: the layer joins two inputs or more\. Received: 1\..*apply\(\[/,
    ],
    ['one in a list', () => first().apply([input(2)]), /joins two inputs or more. Received: 1/],
    ['too many', () => pair().apply([1, 2, 3].map(() => input(2))), /^pair: the layer joins 2 inputs. Received: 3/],
    ['two shapes', () => first().apply(shapes), /^first: .*one shape\. Received: \[\?, 2\] and \[\?, 3\]/],
    ['two ranks', () => first().apply([input(2), input(2, 1)]), /Received: \[\?, 2\] and \[\?, 2, 1\]/],
  ])('%s: refused', (_, apply, message) => {
    expect(apply).toThrow(OptionError);
    expect(apply).toThrow(message);
  });
});

test('a definition without a pass is refused', () => {
  const half = { name: 'half', className: 'TestHalf', options: {}, forward: ([x]: readonly tf.Tensor[]) => x! };
  expect(() => defineMergeLayer(half as never)).toThrow(OptionError);
  expect(() => defineMergeLayer(half as never)).toThrow(/defineMergeLayer.*`inference`/);
});

test('what a pass throws names the layer and the pass', () => {
  const fails = defineMergeLayer({
    ...{ name: 'fails', className: 'TestFails', options: {} },
    forward: ([x]) => x!,
    inference() {
      throw new Error('no such branch');
    },
  });
  const inputs = [input(2), input(2)];
  const model = tf.model({ inputs, outputs: fails({ name: 'joined' }).apply(inputs) as tf.SymbolicTensor });
  const before = tf.memory().numTensors;
  const xs = [tf.ones([1, 2]), tf.ones([1, 2])];
  expect(() => model.predict(xs)).toThrow(PluginError);
  expect(() => model.predict(xs)).toThrow(/joined.*inference.*no such branch/);
  tf.dispose(xs);
  expect(tf.memory().numTensors).toBe(before);
});

test('a step counts where it counts in every input; an input without a mask has no say', () => {
  const layer = first();
  const x = tf.ones([1, 3]);
  const [a, b] = [tf.tensor2d([[1, 1, 0]], [1, 3], 'bool'), tf.tensor2d([[0, 1, 1]], [1, 3], 'bool')];
  const maskOf = (...masks: (tf.Tensor | null)[]) => layer.computeMask([x, x], masks as tf.Tensor[]);
  expect(numbers(maskOf(a, b))).toEqual([0, 1, 0]);
  expect(numbers(maskOf(a, null))).toEqual([1, 1, 0]);
  expect(maskOf(null, null)).toBeNull();
  expect(layer.computeMask([x, x])).toBeNull();
});

test('it is not the identity at inference', () => {
  expect(isIdentityAtInference(first())).toBe(false);
});
