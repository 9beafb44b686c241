/** Every class of layers of TF.js: value and gradients on wasm with all that is ours, against TF.js' cpu backend as it comes. */
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { install, uninstall } from '../src/wasm.ts';
import { everyLayer, type LayerCase } from './support/everyLayer.ts';
import { allCases, expectAlike, floats, integers, SEED, sizeOf } from './support/numbers.ts';

beforeAll(() => {
  // TF.js on layers that have no weights, and on orthogonal initializers
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterAll(async () => {
  uninstall();
  vi.restoreAllMocks();
  await tf.setBackend('cpu');
});

const tensors = ({ shapes, below }: LayerCase): tf.Tensor[] =>
  shapes.map((shape, i) => {
    const n = sizeOf(shape);
    return tf.tensor(below === undefined ? floats(n, 11 * i + 5) : integers(n, i, 0, below - 1), [...shape]);
  });

/** The value, its gradients by all inputs and weights, and the weights after it: all that a call gives and changes. */
function answers(given: LayerCase): Float32Array[] {
  return tf.tidy(() => {
    const [layer, inputs] = [given.make(), tensors(given)];
    const call = (xs: readonly tf.Tensor[]): tf.Tensor =>
      layer.apply(xs.length === 1 ? xs[0]! : [...xs], { training: given.training ?? false }) as tf.Tensor;
    // the first call makes the weights
    call(inputs);
    layer.setWeights(layer.getWeights().map((w, i) => tf.tensor(weightsOf(w.size, i), w.shape)));
    const y = call(inputs);
    const dy = tf.tensor(floats(y.size, 77), y.shape);
    const loss = (xs: readonly tf.Tensor[]): tf.Scalar => tf.sum(tf.mul(call(xs), dy));
    const byInputs = given.isConstant || given.isForward ? [] : tf.grads((...xs) => loss(xs))(inputs);
    const weights = layer.trainableWeights.map(weight => weight.read() as tf.Variable);
    const isTrained = weights.length > 0 && !given.isForward;
    const byWeights = isTrained ? Object.values(tf.variableGrads(() => loss(inputs), weights).grads) : [];
    const read = [y, ...byInputs, ...byWeights, ...layer.getWeights()].map(t => Float32Array.from(t.dataSync()));
    tf.dispose(layer.weights.map(weight => weight.read()));
    return read;
  });
}

/** Above 0: moving variances are among them. */
const weightsOf = (n: number, seed: number): Float32Array => floats(n, 100 + seed).map(v => 0.6 + v / 2);

test('there is none that is left out', () => {
  const known = Object.entries(tf.serialization.SerializationMap.getMap().classNameMap);
  const isLayer = ([cls]: readonly unknown[]): boolean =>
    (cls as { prototype: unknown }).prototype instanceof tf.layers.Layer;
  const names = known.flatMap(([name, entry]) => (isLayer(entry) ? [name] : []));
  // models, what computes nothing, and one whose result has a random size
  const others = ['Functional', 'InputLayer', 'Model', 'RandomWidth', 'Sequential'];
  expect(Object.keys(everyLayer).sort()).toEqual(names.filter(name => !others.includes(name)).sort());
});

test.each(Object.entries(everyLayer))('%s', async (_, cases) => {
  const drawn = fc.sample(cases, { seed: SEED, numRuns: allCases ? 60 : 6 });
  await tf.setBackend('cpu');
  const expected = drawn.map(answers);
  await tf.setBackend('wasm');
  await install();
  try {
    const before = tf.memory().numTensors;
    for (const [i, given] of drawn.entries()) {
      try {
        expectAlike(answers(given), expected[i]!, 3e-5);
      } catch (error) {
        throw new Error(`${given.text}: ${(error as Error).message}`, { cause: error });
      }
    }
    expect(tf.memory().numTensors).toBe(before);
  } finally {
    uninstall();
  }
});
