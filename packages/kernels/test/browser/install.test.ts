import '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-webgpu';
import { DROPOUT_KERNEL } from '@keepprob/core/kernels';
import { counterDropout, type Draw } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test } from 'vitest';
import * as webgl from '../../src/webgl.ts';
import * as webgpu from '../../src/webgpu.ts';
import { counting, dropped, firstDifference } from './oracle.ts';

const draw: Draw = { keepProb: 0.5, noiseShape: [6, 5], key: { seed: 1, step: 0, site: 0, draw: 0 }, rows: [0, 6] };

const optional = { optional: true };

/** Runs with another factory for a backend, or with none, and puts the real one back. */
async function withFactory(
  backend: string,
  factory: (() => Promise<tf.KernelBackend>) | undefined,
  check: () => Promise<void>,
): Promise<void> {
  await tf.setBackend('cpu');
  const real = tf.findBackendFactory(backend);
  tf.removeBackend(backend);
  if (factory) tf.registerBackend(backend, factory);
  try {
    await check();
  } finally {
    if (factory) tf.removeBackend(backend);
    tf.registerBackend(backend, real, 1);
  }
}

describe.each(Object.entries({ webgl, webgpu }))('on %s', (backend, kernels) => {
  afterEach(() => kernels.uninstall());

  test('reports the same when it is called again, or twice at once', async () => {
    await tf.setBackend(backend);
    const report = {
      ...{ installed: true, backend, active: true, kernels: [DROPOUT_KERNEL] },
      gradients: expect.arrayContaining([tf.Tile, tf.FusedBatchNorm]),
      layers: expect.arrayContaining(['BatchNormalization', 'LayerNormalization']),
    };
    expect(await Promise.all([kernels.install(), kernels.install()])).toEqual([report, report]);
    expect(await kernels.install()).toEqual(report);
  });

  test('uninstall gives stock back, with the same masks, and may be called again', async () => {
    await tf.setBackend(backend);
    await kernels.install();
    expect(tf.getKernel(DROPOUT_KERNEL, backend)).toBeDefined();
    const stock = tf.getKernelsForBackend(backend).length - 1;
    kernels.uninstall();
    kernels.uninstall();
    expect(tf.getKernel(DROPOUT_KERNEL, backend)).toBeUndefined();
    expect(tf.getKernelsForBackend(backend)).toHaveLength(stock);
    const x = tf.tensor(counting([6, 5]), [6, 5]);
    const y = counterDropout(x, draw);
    expect(firstDifference(await y.data(), dropped(counting([6, 5]), [6, 5], draw))).toBe(-1);
    tf.dispose([x, y]);
  });

  test('can be installed while another backend is in use, which stays', async () => {
    await tf.setBackend('cpu');
    const before = tf.memory().numTensors;
    await expect(kernels.install()).rejects.toThrow(kernels.KernelsError);
    await expect(kernels.install()).rejects.toThrow(`TensorFlow.js computes on cpu, where these kernels do nothing`);
    expect(tf.getKernel(DROPOUT_KERNEL, backend)).toBeUndefined();
    expect(await kernels.install({ optional: true })).toMatchObject({ installed: true, active: false });
    expect(tf.getBackend()).toBe('cpu');
    expect(tf.memory().numTensors).toBe(before);
    const x = tf.tensor(counting([6, 5]), [6, 5]);
    await tf.setBackend(backend);
    const y = counterDropout(x, draw);
    expect(firstDifference(await y.data(), dropped(counting([6, 5]), [6, 5], draw))).toBe(-1);
    tf.dispose([x, y]);
  });

  test('reports that the backend is not registered', async () => {
    await withFactory(backend, undefined, async () => {
      expect(await kernels.install(optional)).toMatchObject({ installed: false, backend, kernels: [] });
      await expect(kernels.install()).rejects.toThrow(/not registered.*pass \{ optional: true \}/);
    });
  });

  test('reports that the backend cannot be initialised', async () => {
    await withFactory(
      backend,
      () => Promise.reject(new Error('no such device')),
      async () => {
        const { installed, reason } = await kernels.install(optional);
        expect(installed).toBe(false);
        expect(reason).toMatch(/could not be initialised/);
        expect(tf.getKernel(DROPOUT_KERNEL, backend)).toBeUndefined();
      },
    );
  });

  test('reports a device that draws other masks, and one on which shaders fail', async () => {
    const real = tf.findBackendFactory(backend);
    const others = async (): Promise<tf.KernelBackend> => {
      const instance = await real();
      instance.read = async () => new Float32Array(35).fill(2);
      return instance;
    };
    await withFactory(backend, others, async () => {
      expect((await kernels.install(optional)).reason).toMatch(/draws other masks/);
    });
    const failing = async (): Promise<tf.KernelBackend> => {
      const instance = await real();
      const fail = (): never => {
        throw new Error('Failed to compile');
      };
      return Object.assign(instance, { runWebGLProgram: fail, runWebGPUProgram: fail });
    };
    await withFactory(backend, failing, async () => {
      expect((await kernels.install(optional)).reason).toMatch(/does not run on .*: Failed to compile/);
    });
  });
});

test('reports that WebGL 1 is not enough', async () => {
  await tf.setBackend('webgl');
  const version = tf.env().getNumber('WEBGL_VERSION');
  tf.env().set('WEBGL_VERSION', 1);
  try {
    const { installed, reason } = await webgl.install(optional);
    expect(installed).toBe(false);
    expect(reason).toMatch(/WebGL 2 is needed/);
  } finally {
    tf.env().set('WEBGL_VERSION', version);
  }
});
