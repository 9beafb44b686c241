import '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { DROPOUT_KERNEL } from '@keepprob/core/kernels';
import { counterDropout } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { plain, relaxed } from '../src/wasm/backend/binary.ts';
import { bestBuild, moduleFor } from '../src/wasm/backend/module.ts';
import { kernels } from '../src/wasm/kernels.ts';
import { install, KernelsError, uninstall } from '../src/wasm.ts';
import { guardHeap, wasmBackend } from './support/heap.ts';
import { expectSame, expectWithin, floats, sizeOf, take } from './support/numbers.ts';
import { matMulExact } from './support/products.ts';
import { cnn, mlp, type Network } from './support/training.ts';

const names = Object.keys(kernels);
const registered = (): (tf.KernelConfig | undefined)[] => names.map(name => tf.getKernel(name, 'wasm'));
/** The very same, and not only equal ones. */
const expectRegistered = (configs: (tf.KernelConfig | undefined)[]): void => {
  for (const [i, config] of registered().entries()) expect(config).toBe(configs[i]);
};

beforeEach(async () => {
  await tf.setBackend('wasm');
});
afterEach(() => {
  uninstall();
  vi.restoreAllMocks();
});

/** A product, a convolution with both gradients and dropout, right. */
function expectRight(): void {
  tf.tidy(() => {
    const [a, b] = [floats(21 * 11, 1), floats(11 * 17, 2)];
    const { shape: _, ...exact } = matMulExact(a, b, {
      ...{ aShape: [21, 11], bShape: [11, 17], transposeA: false, transposeB: false },
    });
    expectWithin(tf.matMul(tf.tensor2d(a, [21, 11]), tf.tensor2d(b, [11, 17])).dataSync(), exact);
    // all ones: a count of what meets
    const [dx, dw] = tf.grads((x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'valid'))([
      tf.ones([1, 3, 3, 2]),
      tf.ones([2, 2, 2, 3]),
    ]);
    expect([...dx!.dataSync()]).toEqual([1, 2, 1, 2, 4, 2, 1, 2, 1].flatMap(n => [3 * n, 3 * n]));
    expect([...dw!.dataSync()]).toEqual(new Array(24).fill(4));
    const y = counterDropout(tf.ones([100]), {
      ...{ keepProb: 0.5, noiseShape: [100], key: { seed: 1, step: 0, site: 0, draw: 0 }, rows: [0, 100] },
    }).dataSync();
    expect(new Set(y)).toEqual(new Set([0, 2]));
  });
}

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
      vi.doMock('@tensorflow/tfjs-core', async original => ({
        ...(await original<typeof tf>()),
        version_core: '5.0.0',
      }));
      vi.resetModules();
      try {
        const other = await import('../src/wasm.ts');
        expect(await other.install({ optional: true })).toMatchObject({
          installed: false,
          reason: expect.stringMatching(/this is 5\.0\.0/),
        });
      } finally {
        vi.doUnmock('@tensorflow/tfjs-core');
        vi.resetModules();
      }
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

describe('what is not ours is answered as stock answers it', () => {
  const image = (): tf.Tensor4D => tf.ones([1, 2, 5, 5]);
  const filter = (): tf.Tensor4D => tf.ones([3, 3, 2, 4]);
  const ids = (): tf.Tensor1D => tf.tensor1d([0, 0], 'int32');
  const bias = (shape: number[]) => ({
    a: tf.ones<tf.Rank.R2>([2, 3]),
    b: tf.ones<tf.Rank.R2>([3, 2]),
    bias: tf.ones(shape),
  });
  const cases: [string, () => tf.Tensor][] = [
    ['matMul of integers', () => tf.matMul(tf.ones([2, 2], 'int32'), tf.ones([2, 2], 'int32'))],
    ['matMul of complex numbers', () => tf.matMul(tf.complex([[1]], [[1]]), tf.complex([[1]], [[1]]))],
    ['matMul of sizes that do not fit', () => tf.matMul(tf.ones([2, 3]), tf.ones([4, 5]))],
    ['matMul of batches that do not fit', () => tf.matMul(tf.ones([2, 2, 3]), tf.ones([3, 3, 2]))],
    ['fused matMul with a bias for every element', () => tf.fused.matMul(bias([2, 2]))],
    ['fused matMul with one bias', () => tf.fused.matMul(bias([]))],
    [
      'fused matMul with prelu',
      () => tf.fused.matMul({ ...bias([2]), activation: 'prelu', preluActivationWeights: tf.scalar(0.5) }),
    ],
    ['conv2d of NCHW', () => tf.conv2d(image(), filter(), 1, 'valid', 'NCHW')],
    [
      'fused conv2d of NCHW',
      () => tf.fused.conv2d({ x: image(), filter: filter(), strides: 1, pad: 'valid', dataFormat: 'NCHW' }),
    ],
    [
      'the gradient of conv2d of NCHW',
      () => tf.grad(x => tf.conv2d(x as tf.Tensor4D, filter(), 1, 'valid', 'NCHW'))(image()),
    ],
    ['segments of integers', () => tf.unsortedSegmentSum(tf.ones([2], 'int32'), ids(), 1)],
    ['sum of integers', () => tf.sum(tf.ones([2, 3], 'int32'), 0)],
    ['sum over axes apart', () => tf.sum(tf.ones([2, 3, 2]), [0, 2])],
    ['mean of integers', () => tf.mean(tf.ones([2, 3], 'int32'), 0)],
    ['a clone of strings', () => tf.clone(tf.tensor(['a', 'b']))],
    [
      'max of a pool that has no elements',
      () => tf.grad(x => tf.maxPool(x as tf.Tensor4D, 2, 1, 'valid'))(tf.ones([0, 3, 3, 1])),
    ],
  ];
  const answer = (f: () => tf.Tensor): unknown => {
    try {
      return tf.tidy(() => {
        const y = f();
        return { shape: y.shape, dtype: y.dtype, values: [...(y.dataSync() as ArrayLike<number> & Iterable<number>)] };
      });
    } catch (error) {
      return (error as Error).message;
    }
  };

  test.each(cases)('%s', async (_, f) => {
    const stock = answer(f);
    await install();
    expect(answer(f)).toEqual(stock);
  });

  test('and some of those answers are the words that we know', async () => {
    await install();
    const words = Object.fromEntries(cases.map(([name, f]) => [name, answer(f)]));
    expect(words).toMatchObject({
      'matMul of integers': 'BatchMatMul for non non-float32 tensors not yet supported.',
      'matMul of complex numbers': "Kernel 'Complex' not registered for backend 'wasm'",
      'conv2d of NCHW': expect.stringContaining("does not support dataFormat:'channelsFirst'"),
      'segments of integers': "Kernel 'UnsortedSegmentSum' not registered for backend 'wasm'",
      'sum over axes apart': { shape: [3], values: [4, 4, 4] },
      'fused matMul with prelu': { shape: [2, 2], values: [4, 4, 4, 4] },
    });
  });
});

describe('training', () => {
  const losses = (make: () => Network, steps: number): number[] => {
    const net = make();
    const result = Array.from({ length: steps }, net.step);
    net.dispose();
    return result;
  };

  test.each<[string, () => Network]>([
    ['mlp', mlp],
    ['cnn', cnn],
  ])('50 steps of an %s with dropout: the losses of the cpu backend', async (_, make) => {
    await install();
    const ours = losses(make, 50);
    await tf.setBackend('cpu');
    const theirs = losses(make, 50);
    for (const [i, loss] of ours.entries()) expect(Math.abs(loss - theirs[i]!)).toBeLessThan(1e-4);
    // it learns, or the losses would say little
    expect(ours.at(-1)).toBeLessThan(0.7 * ours[0]!);
  });

  test('two models at once do what each does by itself', async () => {
    await install();
    const alone = [losses(() => mlp(3), 20), losses(() => cnn(4), 20)];
    const both = [mlp(3), cnn(4)];
    const together: number[][] = [[], []];
    for (let i = 0; i < 20; i++) for (const [j, net] of both.entries()) together[j]!.push(net.step());
    for (const net of both) net.dispose();
    expect(together).toEqual(alone);
  });

  test('1,000 steps of two models: no tensor, no block of memory and no page more', async () => {
    await install();
    const heap = guardHeap();
    const nets = [mlp(), cnn()];
    const steps = (n: number): void => {
      for (let i = 0; i < n; i++) for (const net of nets) net.step();
    };
    const state = (): object => {
      const { numTensors, numDataBuffers, numBytes } = tf.memory();
      const ids = wasmBackend().numDataIds();
      return { numTensors, numDataBuffers, numBytes, ids, blocks: heap.live(), heap: wasmBackend().wasm.HEAPU8.length };
    };
    try {
      steps(10);
      const before = state();
      steps(500);
      expect(state()).toEqual(before);
      expect(heap.faults()).toEqual([]);
    } finally {
      for (const net of nets) net.dispose();
      heap.restore();
    }
  });

  test('models of layers', async () => {
    const { sequential, layers } = await import('@tensorflow/tfjs');
    await install();
    const model = sequential({
      layers: [
        layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu', padding: 'same', inputShape: [6, 6, 1] }),
        layers.batchNormalization(),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.separableConv2d({ filters: 6, kernelSize: 2 }),
        layers.flatten(),
        layers.dropout({ rate: 0.2 }),
        layers.dense({ units: 3, activation: 'softmax' }),
      ],
    });
    model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });
    const x = tf.tensor(floats(8 * 36, 1), [8, 6, 6, 1]);
    const y = tf.oneHot([0, 1, 2, 0, 1, 2, 0, 1], 3);
    await model.fit(x, y, { epochs: 2, verbose: 0 });
    const before = tf.memory().numTensors;
    const { history } = await model.fit(x, y, { epochs: 3, verbose: 0 });
    expect(history.loss).toHaveLength(3);
    for (const loss of history.loss!) expect(Number.isFinite(loss)).toBe(true);
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
    tf.dispose([x, y]);
  });
});

describe('where memory is out', () => {
  /** Tensors with numbers, kept until the test is done. */
  const made: tf.Tensor[] = [];
  const tensor = (shape: number[], seed = 1): tf.Tensor => {
    const result = tf.tensor(floats(sizeOf(shape), seed), shape);
    made.push(result);
    return result;
  };
  afterEach(() => tf.dispose(made.splice(0)));

  const run = (name: string, inputs: tf.NamedTensorMap, attrs: object) => () =>
    tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap) as tf.Tensor;
  const conv = { pad: 'same', dataFormat: 'NHWC', dilations: 1 };
  const pool = { filterSize: 2, strides: 2, pad: 'valid', dataFormat: 'NDHWC' };
  const key = { seed: 1, step: 0, site: 0, draw: 0 };

  /** What computes on tensors that are already there. */
  const ops: [string, () => () => tf.Tensor][] = [
    [
      'matMul',
      () => run(tf.BatchMatMul, { a: tensor([40, 30]), b: tensor([30, 50]) }, { transposeA: false, transposeB: false }),
    ],
    [
      'fused matMul',
      () => {
        const inputs = { a: tensor([1, 40, 30]), b: tensor([1, 30, 50]), bias: tensor([50]) };
        return run(tf._FusedMatMul, inputs, { transposeA: false, transposeB: false, activation: 'relu' });
      },
    ],
    [
      'conv2d',
      () => run(tf.Conv2D, { x: tensor([2, 9, 9, 3]), filter: tensor([3, 3, 3, 5]) }, { ...conv, strides: 1 }),
    ],
    ...[1, 2].map((strides): (typeof ops)[number] => [
      `the gradient of conv2d by its input, strides of ${strides}`,
      () => {
        const inputs = { dy: tensor([2, 10 / strides, 10 / strides, 5]), filter: tensor([3, 3, 3, 5]) };
        return run(tf.Conv2DBackpropInput, inputs, { ...conv, strides, inputShape: [2, 10, 10, 3] });
      },
    ]),
    [
      'the gradient of conv2d by its filter',
      () => {
        const inputs = { x: tensor([2, 9, 9, 3]), dy: tensor([2, 9, 9, 5]) };
        return run(tf.Conv2DBackpropFilter, inputs, { ...conv, strides: 1, filterShape: [3, 3, 3, 5] });
      },
    ],
    [
      'the gradient of a depthwise filter',
      () => {
        const inputs = { x: tensor([2, 9, 9, 3]), dy: tensor([2, 9, 9, 6]) };
        return run(tf.DepthwiseConv2dNativeBackpropFilter, inputs, { ...conv, strides: 1, filterShape: [3, 3, 3, 2] });
      },
    ],
    [
      'the gradient of max pooling',
      () => {
        const inputs = { input: tensor([2, 8, 8, 3]), dy: tensor([2, 4, 4, 3]), output: tensor([2, 4, 4, 3]) };
        return run(tf.MaxPoolGrad, inputs, { filterSize: 2, strides: 2, pad: 'valid' });
      },
    ],
    [
      'conv3d',
      () => run(tf.Conv3D, { x: tensor([2, 3, 5, 5, 3]), filter: tensor([2, 3, 3, 3, 5]) }, { ...conv, strides: 1 }),
    ],
    ...[1, 2].map((strides): (typeof ops)[number] => [
      `the gradient of conv3d by its input, strides ${strides}`,
      () => {
        const inputs = { dy: tensor([2, 4 / strides, 6 / strides, 6 / strides, 5]), filter: tensor([3, 3, 3, 3, 5]) };
        return run(tf.Conv3DBackpropInputV2, inputs, { pad: 'same', strides, inputShape: [2, 4, 6, 6, 3] });
      },
    ]),
    [
      'the gradient of conv3d by its filter',
      () => {
        const inputs = { x: tensor([2, 3, 6, 6, 3]), dy: tensor([2, 3, 6, 6, 5]) };
        return run(tf.Conv3DBackpropFilterV2, inputs, { pad: 'same', strides: 1, filterShape: [3, 3, 3, 3, 5] });
      },
    ],
    ['max pooling of volumes', () => run(tf.MaxPool3D, { x: tensor([2, 4, 4, 4, 3]) }, pool)],
    [
      'the gradient of average pooling of volumes',
      () => run(tf.AvgPool3DGrad, { input: tensor([2, 4, 4, 4, 3]), dy: tensor([2, 2, 2, 2, 3]) }, pool),
    ],
    ['sum', () => run(tf.Sum, { x: tensor([50, 60]) }, { axis: [0], keepDims: false })],
    [
      'unsortedSegmentSum',
      () => {
        const segmentIds = tf.tensor1d([0, 1, 1, 0], 'int32');
        made.push(segmentIds);
        return run(tf.UnsortedSegmentSum, { x: tensor([4, 30]), segmentIds }, { numSegments: 2 });
      },
    ],
    [
      'gather',
      () => {
        const indices = tf.tensor1d([0, 1, 1], 'int32');
        made.push(indices);
        return run(tf.GatherV2, { x: tensor([4, 30]), indices }, { axis: 0, batchDims: 0 });
      },
    ],
    ['slice', () => run(tf.Slice, { x: tensor([4, 30]) }, { begin: [1, 0], size: [2, 30] })],
    ['tile', () => run(tf.Tile, { x: tensor([5, 6, 7]) }, { reps: [3, 1, 2] })],
    [
      'batch norm',
      () => {
        const inputs = { x: tensor([40, 30]), mean: tensor([30]), variance: tensor([30]).abs() };
        made.push(inputs.variance);
        return run(tf.FusedBatchNorm, inputs, { varianceEpsilon: 0.01 });
      },
    ],
    ...[
      [40, 30],
      [40, 1],
    ].map((noiseShape): (typeof ops)[number] => [
      `dropout with noise of ${noiseShape}`,
      () => {
        const x = tensor([40, 30]);
        return () => counterDropout(x, { keepProb: 0.5, noiseShape, key, rows: [0, 40] });
      },
    ]),
  ];

  test.each(ops)('%s: a RangeError names the bytes, nothing leaks, and the next one works', async (_, prepare) => {
    const heap = guardHeap();
    const { wasm } = wasmBackend();
    const malloc = wasm._malloc;
    /** Runs `f` with the allocation of this number failing; how many bytes were asked for, each time. */
    const failingAt = (number: number, f: () => void): number[] => {
      const asked: number[] = [];
      const failing = vi.spyOn(wasm, '_malloc').mockImplementation(bytes => {
        asked.push(bytes);
        return asked.length === number ? 0 : malloc(bytes);
      });
      try {
        f();
      } finally {
        failing.mockRestore();
      }
      return asked;
    };
    const state = (): object => ({ ...tf.memory(), ids: wasmBackend().numDataIds(), blocks: heap.live() });
    try {
      const compute = prepare();
      await install();
      let expected: ArrayLike<number> = [];
      const asked = failingAt(0, () => {
        expected = take(compute());
      });
      expect(asked.length).toBeGreaterThan(0);
      for (let number = 1; number <= asked.length; number++) {
        // working memory is asked for once: a new installation asks anew
        uninstall();
        await install();
        const before = state();
        let failed: unknown;
        let bytes: number[] = [];
        bytes = failingAt(number, () => {
          try {
            tf.tidy(compute);
          } catch (error) {
            failed = error;
          }
        });
        expect(failed).toBeInstanceOf(RangeError);
        expect((failed as Error).message).toContain(`${bytes[number - 1]} bytes`);
        // what the allocations before it brought is given back, but for the working memory that is kept
        const { blocks, ...rest } = state() as { blocks: number };
        expect(rest).toEqual((({ blocks: _, ...others }) => others)(before as { blocks: number }));
        expect(blocks - (before as { blocks: number }).blocks).toBeLessThanOrEqual(1);
        expectSame(take(compute()), expected);
        expect(heap.faults()).toEqual([]);
      }
      uninstall();
    } finally {
      heap.restore();
    }
  });
});

describe('builds', () => {
  const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), c => c.charCodeAt(0));
  const hasRelaxed = WebAssembly.validate(bytesOf(relaxed));

  test('the best one that this engine takes is the one in use', async () => {
    expect(WebAssembly.validate(bytesOf(plain))).toBe(true);
    expect(await install()).toMatchObject({ build: hasRelaxed ? 'relaxed-simd' : 'simd' });
  });

  test('Node 22 and later have relaxed SIMD, so multiply and add are one instruction there', () => {
    const major = Number(process.versions.node.split('.')[0]);
    expect(hasRelaxed || major < 22).toBe(true);
  });

  test('without relaxed SIMD it is the plain one', async () => {
    const validate = WebAssembly.validate;
    vi.spyOn(WebAssembly, 'validate').mockImplementation(
      bytes => (bytes as Uint8Array).length === bytesOf(plain).length && validate(bytes),
    );
    expect(await install()).toMatchObject({ installed: true, build: 'simd' });
    expectRight();
  });

  describe.each([
    ['plain', 'simd', true],
    ['relaxed', 'relaxed-simd', hasRelaxed],
  ] as const)('%s', (_, build, valid) => {
    const reason = valid ? '' : ' (WebAssembly.validate refuses it in this engine)';
    test.skipIf(!valid)(`imports a memory and nothing else, shared or not, and computes in it${reason}`, () => {
      for (const shared of [false, true]) {
        const module = moduleFor(build, shared);
        expect(WebAssembly.Module.imports(module)).toEqual([{ module: 'env', name: 'memory', kind: 'memory' }]);
        expect(moduleFor(build, shared)).toBe(module);
        const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared });
        const { exports } = new WebAssembly.Instance(module, { env: { memory } });
        const { sumEachRow, fill } = exports as Record<string, (...args: number[]) => void>;
        // nothing of its own is written into it
        expect(new Uint8Array(memory.buffer).every(byte => byte === 0)).toBe(true);
        fill!(64, 33, 0.5);
        sumEachRow!(64, 1, 33, 1024, 2);
        expect(new Float32Array(memory.buffer)[256]).toBe(33);
      }
    });
    test.skipIf(!valid)(`has the functions of the other${reason}`, () => {
      const functions = (name: 'simd' | 'relaxed-simd') => WebAssembly.Module.exports(moduleFor(name, false));
      expect(functions(build)).toEqual(functions('simd'));
    });
  });
});
