/** `install` and `uninstall`: what is registered, what is reported, and what is given back. */
import { DROPOUT_KERNEL } from '@keepprob/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test, vi } from 'vitest';
import { bestBuild } from '../../src/wasm/backend/module.ts';
import { kernels } from '../../src/wasm/kernels.ts';
import { install, KernelsError, uninstall } from '../../src/wasm.ts';
import { guardHeap, wasmBackend } from '../support/heap.ts';
import { expectRight, onWasm } from '../support/lifecycle.ts';
import { besideAnotherVersion } from '../support/version.ts';

const names = Object.keys(kernels);
const registered = (): (tf.KernelConfig | undefined)[] => names.map(name => tf.getKernel(name, 'wasm'));
/** The very same, and not only equal ones. */
const expectRegistered = (configs: (tf.KernelConfig | undefined)[]): void => {
  for (const [i, config] of registered().entries()) expect(config).toBe(configs[i]);
};

onWasm();

describe('install and uninstall', () => {
  test('the report says what was done, and the second call says the same and does nothing', async () => {
    const before = registered();
    const report = await install();
    expect(report).toEqual({
      installed: true,
      backend: 'wasm',
      build: bestBuild(),
      threads: 1,
      active: true,
      kernels: names,
      gradients: expect.arrayContaining([tf.Tile, tf.FusedBatchNorm]),
      layers: expect.arrayContaining(['BatchNormalization', 'LayerNormalization']),
    });
    expect(names).toEqual(
      expect.arrayContaining([tf.BatchMatMul, tf.Conv2D, tf.Conv2DBackpropFilter, tf.Sum, DROPOUT_KERNEL]),
    );
    const after = registered();
    for (const [i, config] of after.entries()) expect(config).not.toBe(before[i]);
    expect(await install()).toEqual(report);
    expectRegistered(after);
    expectRight();
  });

  test('uninstall puts the stock kernels back, the very same, and takes out what stock has not', async () => {
    const before = registered();
    const functions = before.map(config => config?.kernelFunc);
    expect(before.some(config => config === undefined)).toBe(true);
    for (let i = 0; i < 3; i++) {
      await install();
      expectRight();
      uninstall();
      expectRegistered(before);
      for (const [j, config] of registered().entries()) expect(config?.kernelFunc).toBe(functions[j]);
    }
    uninstall();
    expectRegistered(before);
    expect(() => tf.tidy(() => tf.unsortedSegmentSum(tf.ones([2]), tf.tensor1d([0, 0], 'int32'), 1))).toThrow(
      "Kernel 'UnsortedSegmentSum' not registered for backend 'wasm'",
    );
  });

  test('gradients that TF.js has not come and go; one that it has stays', async () => {
    const names = [tf.Conv3DBackpropInputV2, tf.Conv3DBackpropFilterV2];
    expect(names.map(tf.getGradient)).toEqual([undefined, undefined]);
    const another: tf.GradConfig = { kernelName: tf.Conv3DBackpropFilterV2, gradFunc: () => ({}) };
    tf.registerGradient(another);
    await install();
    expect(tf.getGradient(tf.Conv3DBackpropInputV2)).toBeDefined();
    expect(tf.getGradient(tf.Conv3DBackpropFilterV2)).toBe(another);
    uninstall();
    expect(names.map(tf.getGradient)).toEqual([undefined, another]);
    tf.unregisterGradient(tf.Conv3DBackpropFilterV2);
  });

  test('nothing that ours held is kept', async () => {
    const heap = guardHeap();
    try {
      for (let i = 0; i < 5; i++) {
        await install();
        expectRight();
        uninstall();
        expect(heap.live()).toBe(0);
      }
      expect(heap.faults()).toEqual([]);
    } finally {
      heap.restore();
    }
  });

  test('before the backend is in use: active is false, until it is', async () => {
    await tf.setBackend('cpu');
    expect(await install({ optional: true })).toMatchObject({ installed: true, active: false });
    // those that another call has installed stay
    await expect(install()).rejects.toThrow(KernelsError);
    await tf.setBackend('wasm');
    expect(await install()).toMatchObject({ installed: true, active: true });
    expectRight();
  });

  test('on another backend it throws, and installs nothing; the error says which one it is, and what to do', async () => {
    await tf.setBackend('cpu');
    const before = registered();
    const error = await install().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(KernelsError);
    expect((error as Error).message).toBe(
      "install() of @keepprob/kernels/wasm: TensorFlow.js computes on cpu, where these kernels do nothing. Call `await tf.setBackend('wasm')` before install(). " +
        'If stock kernels will do, or you call install() for several backends, pass { optional: true }.',
    );
    expect((error as KernelsError).report).toMatchObject({ installed: false, active: false, kernels: [] });
    expectRegistered(before);
    expect(tf.getBackend()).toBe('cpu');
  });

  test.each([
    ['cpu', []],
    ['no backend', ['cpu']],
  ])('after a setBackend that gave false, as where the .wasm file is missing: on %s', async (active, without) => {
    await tf.setBackend('cpu');
    const factories = ['wasm', 'cpu'].map(name => [name, tf.findBackendFactory(name)] as const);
    for (const name of ['wasm', ...without]) tf.removeBackend(name);
    tf.registerBackend('wasm', () => Promise.reject(new Error('404')), 3);
    try {
      expect(await tf.setBackend('wasm')).toBe(false);
      const error = await install().catch((e: unknown) => e);
      expect(error).toBeInstanceOf(KernelsError);
      expect((error as Error).message).toMatch(
        new RegExp(
          `computes on ${active}, where these kernels do nothing. The wasm backend is not running. Call .*setWasmPaths`,
        ),
      );
    } finally {
      tf.removeBackend('wasm');
      for (const [name, factory] of factories) tf.registerBackend(name, factory, name === 'wasm' ? 2 : 1);
    }
  });

  describe('where it cannot be, nothing is done, and the report says why', () => {
    async function expectNot(reason: RegExp): Promise<void> {
      const before = registered();
      const error = await install().catch((e: unknown) => e);
      expect(error).toBeInstanceOf(KernelsError);
      expect((error as KernelsError).message).toMatch(reason);
      const report = await install({ optional: true });
      expect((error as KernelsError).report).toEqual(report);
      expect(report).toEqual({
        installed: false,
        backend: 'wasm',
        kernels: [],
        gradients: [],
        layers: [],
        threads: 1,
        active: false,
        reason: expect.any(String),
      });
      expect(report.reason).toMatch(reason);
      expectRegistered(before);
    }

    test('no wasm backend', async () => {
      const config = tf.getKernel(tf.BatchMatMul, 'wasm');
      tf.unregisterKernel(tf.BatchMatMul, 'wasm');
      try {
        await expectNot(/import '@tensorflow\/tfjs-backend-wasm'/);
      } finally {
        tf.registerKernel(config);
      }
    });

    test('an engine without SIMD', async () => {
      vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
      await expectNot(/no WebAssembly SIMD/);
    });

    test('a backend that is built in another way', async () => {
      vi.spyOn(tf.backend() as { makeOutput?: unknown }, 'makeOutput', 'get').mockReturnValue(undefined);
      await expectNot(/not the one of TF.js 4.22/);
    });

    test('another version of TF.js', async () => {
      await besideAnotherVersion('5.0.0', async () => {
        const other = await import('../../src/wasm.ts');
        expect(await other.install({ optional: true })).toMatchObject({
          installed: false,
          reason: expect.stringMatching(/this is 5\.0\.0/),
        });
      });
    });
  });

  test('a backend that was disposed and built again is a new one, with new memory', async () => {
    await install();
    expectRight();
    const { factory, priority } = tf.engine().registryFactory.wasm!;
    for (let i = 0; i < 2; i++) {
      const old = wasmBackend();
      tf.removeBackend('wasm');
      tf.registerBackend('wasm', factory, priority);
      await tf.setBackend('wasm');
      expect(wasmBackend()).not.toBe(old);
      expectRight();
    }
    // the stock kernels are set up on the new one too, behind ours and without them
    const viaStock = () => tf.tidy(() => [...tf.sum(tf.tensor2d([1, 2, 3, 4], [2, 2], 'int32'), 1).dataSync()]);
    expect(viaStock()).toEqual([3, 7]);
    uninstall();
    expect(viaStock()).toEqual([3, 7]);
    expect(tf.tidy(() => [...tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).dataSync()])).toEqual([3, 3, 3, 3]);
    await install();
    expectRight();
  });

  test('uninstall when the backend is no more', async () => {
    await install();
    expectRight();
    const { factory, priority } = tf.engine().registryFactory.wasm!;
    tf.removeBackend('wasm');
    uninstall();
    tf.registerBackend('wasm', factory, priority);
    await tf.setBackend('wasm');
    await install();
    expectRight();
  });
});
