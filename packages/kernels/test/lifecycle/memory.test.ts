/** Allocations that fail, one after another. */
import { counterDropout } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { install, uninstall } from '../../src/wasm.ts';
import { guardHeap, wasmBackend } from '../support/heap.ts';
import { onWasm } from '../support/lifecycle.ts';
import { expectSame, floats, sizeOf, take } from '../support/numbers.ts';

onWasm();

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
    [
      'a norm with its statistics',
      () => {
        const attrs = { form: 'byGroup', times: 40, groups: 30, columns: 1, epsilon: 0.01, of: [30] };
        const x = tensor([40, 30]);
        return () => tf.engine().runKernel<tf.Tensor[]>('KeepprobNormalize', { x }, attrs)[0] ?? x;
      },
    ],
    [
      'the gradient of a norm',
      () => {
        const attrs = { form: 'byColumn', times: 1, groups: 40, columns: 30, epsilon: 0.01, biasShape: [30] };
        const variance = tensor([40]).square();
        made.push(variance);
        const inputs = { dy: tensor([40, 30]), x: tensor([40, 30]), mean: tensor([40]), variance, gain: tensor([30]) };
        return () => tf.engine().runKernel<tf.Tensor[]>('KeepprobNormalizeGrad', inputs, attrs)[0] ?? inputs.x;
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
