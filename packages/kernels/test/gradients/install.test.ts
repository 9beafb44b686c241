import '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { install, KernelsError, uninstall } from '../../src/gradients.ts';
import { lossNames } from '../../src/wasm/losses/compile.ts';
import * as wasm from '../../src/wasm.ts';
import { besideAnotherVersion } from '../support/version.ts';

const gradients = [
  ...[tf.FusedBatchNorm, tf.ClipByValue, tf.GatherV2, tf.Mean, tf.Multiply, tf.Relu, tf.Softmax, tf.Square],
  ...[tf.SquaredDifference, tf.Sum, tf.Tile, tf.Conv3DBackpropInputV2, tf.Conv3DBackpropFilterV2, tf.Einsum],
];
const layers = ['BatchNormalization', 'LayerNormalization', 'Dense', 'Conv2D', 'gelu', 'gelu_new', 'hardSigmoid'];
const classes = new Map<string, { readonly call?: unknown; readonly apply: unknown }>(
  Object.entries(tf.serialization.SerializationMap.getMap().classNameMap).map(([name, [cls]]) => [name, cls.prototype]),
);
/** Of a convolution, that of the class it extends. */
const computed = (): unknown[] => layers.map(name => classes.get(name)?.call ?? classes.get(name)?.apply);
const registered = (): unknown[] => [...gradients.map(tf.getGradient), ...computed()];
/** The very same, and not only equal ones. */
const expectRegistered = (expected: readonly unknown[]): void => {
  for (const [i, config] of registered().entries()) expect(config).toBe(expected[i]);
};

beforeAll(async () => {
  await tf.setBackend('cpu');
});
afterEach(() => {
  uninstall();
  wasm.uninstall();
  vi.restoreAllMocks();
});
afterAll(async () => {
  await tf.setBackend('cpu');
});

test('the report names what is ours; again it does nothing, and uninstall puts the very same back', async () => {
  const before = registered();
  for (let i = 0; i < 2; i++) {
    const report = await install();
    const all = { installed: true, backend: 'every', active: true, kernels: [] };
    expect(report).toEqual({ ...all, gradients: expect.arrayContaining(gradients), layers });
    expect(report.gradients.length).toBe(gradients.length);
    const ours = registered();
    for (const [i, config] of ours.entries()) expect(config).not.toBe(before[i]);
    expect(await install()).toEqual(report);
    expectRegistered(ours);
    uninstall();
    expectRegistered(before);
  }
  uninstall();
  expectRegistered(before);
});

test('another copy of this package reports what stands, and takes out only what it has put in', async () => {
  const report = await install();
  const ours = registered();
  vi.resetModules();
  const copy = await import('../../src/gradients.ts');
  expect(copy.install).not.toBe(install);
  expect(await copy.install()).toEqual(report);
  expectRegistered(ours);
  copy.uninstall();
  expectRegistered(ours);
});

test('the entry of a backend brings them; they stay until the last one that installed them lets go', async () => {
  const before = registered();
  await tf.setBackend('wasm');
  const report = await wasm.install();
  expect(report.gradients.length).toBe(gradients.length);
  expect(report.layers).toEqual([...layers, 'LSTM', 'GRU', 'SimpleRNN', ...lossNames]);
  const ours = registered();
  await install();
  expectRegistered(ours);
  wasm.uninstall();
  expectRegistered(ours);
  uninstall();
  expectRegistered(before);
});

test('what somebody else has registered since then stays', async () => {
  const before = tf.getGradient(tf.Tile);
  await install();
  const theirs: tf.GradConfig = { kernelName: tf.Tile, gradFunc: () => ({}) };
  tf.registerGradient(theirs);
  uninstall();
  expect(tf.getGradient(tf.Tile)).toBe(theirs);
  tf.registerGradient(before);
});

test('a layer class that comes later is found by the next call', async () => {
  const map = tf.serialization.SerializationMap.getMap().classNameMap;
  const known = map.LayerNormalization!;
  Reflect.deleteProperty(map, 'LayerNormalization');
  try {
    expect((await install()).layers).toEqual(layers.filter(name => name !== 'LayerNormalization'));
  } finally {
    map.LayerNormalization = known;
  }
  expect([...(await install()).layers].sort()).toEqual([...layers].sort());
});

describe('where there is nothing to replace, it says why', () => {
  test('another version of TF.js', async () => {
    await besideAnotherVersion('5.0.0', async () => {
      const other = await import('../../src/gradients.ts');
      const error = await other.install().catch((e: unknown) => e);
      expect(error).toBeInstanceOf(other.KernelsError);
      expect((error as Error).message).toMatch(/kernels\/gradients: the kernels are tested with .* this is 5\.0\.0\./);
      expect(await other.install({ optional: true })).toMatchObject({ installed: false, active: false, layers: [] });
    });
  });

  test('no gradients', async () => {
    const stock = gradients.map(name => tf.getGradient(name)).filter(config => config !== undefined);
    for (const { kernelName } of stock) tf.unregisterGradient(kernelName);
    try {
      const error = await install().catch((e: unknown) => e);
      // those that TF.js has on no backend are no reason to say that all is well
      expect(error).toBeInstanceOf(KernelsError);
      expect((error as Error).message).toContain("Add `import '@tensorflow/tfjs'`");
      expect(registered().slice(0, gradients.length)).toEqual(gradients.map(() => undefined));
    } finally {
      stock.forEach(tf.registerGradient);
    }
  });

  test('an option that there is not', async () => {
    await expect(install({ optional: 1 } as never)).rejects.toThrow('optional');
  });
});
