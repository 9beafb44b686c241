import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hold, release } from '../src/gradients/install.ts';
import { byOurs, onCpu, withEachBuild } from './support/builds.ts';
import { expectWithin, floats, runs, sizeOf, take } from './support/numbers.ts';
import { expectAsOnCpu, run, valueAndGradients } from './support/onBoth.ts';
import { convExact } from './support/products.ts';
import { channels, type Five, type Three, three, upTo } from './support/windows.ts';

interface Conv {
  readonly inShape: Five;
  /** [depth, height, width, in, out] */
  readonly filterShape: Five;
  readonly strides: Three;
  readonly dilations?: Three;
  readonly pad: 'valid' | 'same' | number;
  readonly seed: number;
}

/** Volumes smaller than the filter and strides wider than it, too. Either strides or dilations are 1, as TF.js wants. */
const convs = (paddings: Conv['pad'][] = ['valid', 'same', 1, 2], dilated = false): fc.Arbitrary<Conv> =>
  fc
    .record({
      batch: upTo(3),
      size: three(6),
      c: channels,
      o: channels,
      filter: three(4),
      strides: three(3),
      dilations: dilated ? fc.oneof(fc.constant<Three>([1, 1, 1]), three(3)) : fc.constant<Three>([1, 1, 1]),
      pad: fc.constantFrom(...paddings),
      seed: fc.nat(),
    })
    .map(({ batch, size, c, o, filter, strides, dilations, pad, seed }) => {
      const dense = Math.max(...dilations) === 1;
      const shapes = { inShape: [batch, ...size, c] as Five, filterShape: [...filter, c, o] as Five };
      return { ...shapes, strides: dense ? strides : ([1, 1, 1] as Three), dilations, pad, seed };
    })
    .filter(conv => infoOf(conv).outShape.every(d => d > 0));

const infoOf = ({ inShape, filterShape, strides, dilations = [1, 1, 1], pad }: Conv) =>
  tf.backend_util.computeConv3DInfo(inShape, filterShape, strides, dilations, pad as 'same');

const xOf = (conv: Conv): Float32Array => floats(sizeOf(conv.inShape), conv.seed);
const filterOf = (conv: Conv): Float32Array => floats(sizeOf(conv.filterShape), conv.seed + 1);
const dyOf = (conv: Conv): Float32Array => floats(sizeOf(infoOf(conv).outShape), conv.seed + 2);

/** The three of them, each as TF.js has it and exactly. */
const parts = {
  forward(conv: Conv) {
    const { inShape, filterShape, strides, dilations = [1, 1, 1], pad } = conv;
    const inputs = { x: [xOf(conv), inShape], filter: [filterOf(conv), filterShape] } as const;
    const result = run(tf.Conv3D, inputs, { strides, dilations, pad, dataFormat: 'NDHWC' });
    return [result, convExact(infoOf(conv), { x: xOf(conv), filter: filterOf(conv) })] as const;
  },
  byInput(conv: Conv) {
    const { inShape: inputShape, filterShape, strides, pad } = conv;
    const inputs = { dy: [dyOf(conv), infoOf(conv).outShape], filter: [filterOf(conv), filterShape] } as const;
    const result = run(tf.Conv3DBackpropInputV2, inputs, { strides, pad, inputShape });
    return [result, convExact(infoOf(conv), { filter: filterOf(conv), dy: dyOf(conv) })] as const;
  },
  byFilter(conv: Conv) {
    const { inShape, filterShape, strides, pad } = conv;
    const inputs = { x: [xOf(conv), inShape], dy: [dyOf(conv), infoOf(conv).outShape] } as const;
    const result = run(tf.Conv3DBackpropFilterV2, inputs, { strides, pad, filterShape });
    return [result, convExact(infoOf(conv), { x: xOf(conv), dy: dyOf(conv) })] as const;
  },
};

/** More terms than any sum of a convolution and of its gradients has. */
const termsOf = (conv: Conv): number => Math.max(sizeOf(conv.filterShape), sizeOf(infoOf(conv).outShape.slice(0, 4)));

const common = { strides: [1, 1, 1] as Three, seed: 3 };

withEachBuild(stock => {
  const agrees = (part: keyof typeof parts) => (conv: Conv) => {
    const [result, exact] = byOurs(stock, () => parts[part](conv));
    expectWithin(take(result), exact);
  };

  test('forward, dilated too', () => {
    fc.assert(fc.property(convs(undefined, true), agrees('forward')), runs(160));
  });
  test('gradient by the input', () => {
    fc.assert(fc.property(convs(), agrees('byInput')), runs(160));
  });
  test('gradient by the filter', () => {
    fc.assert(fc.property(convs(), agrees('byFilter')), runs(160));
  });

  test.each<[string, Conv]>([
    [
      'one voxel to one voxel: a product',
      { ...common, inShape: [2, 3, 4, 5, 7], filterShape: [1, 1, 1, 7, 9], pad: 'same' },
    ],
    [
      'one voxel to one voxel with strides: TF.js starts at the second, for padding below 0',
      { ...common, inShape: [2, 4, 4, 4, 5], filterShape: [1, 1, 1, 5, 6], strides: [2, 2, 2], pad: 'same' },
    ],
    [
      'strides that leave out the borders, in each direction by itself',
      { ...common, inShape: [2, 5, 8, 10, 4], filterShape: [2, 1, 3, 4, 3], strides: [3, 3, 4], pad: 'same' },
    ],
    [
      'cut off above, padded at the side',
      { ...common, inShape: [1, 3, 4, 5, 3], filterShape: [1, 1, 4, 3, 2], strides: [1, 2, 2], pad: 'same' },
    ],
    ['over time alone', { ...common, inShape: [2, 6, 4, 3, 5], filterShape: [3, 1, 1, 5, 6], pad: 'same' }],
    [
      'over time alone, to one channel and from one image',
      { ...common, inShape: [1, 9, 1, 1, 6], filterShape: [3, 1, 1, 6, 1], pad: 'valid' },
    ],
    ['within images alone', { ...common, inShape: [2, 3, 6, 7, 5], filterShape: [1, 3, 3, 5, 8], pad: 'same' }],
    [
      'depth in strides, images not',
      { ...common, inShape: [2, 7, 5, 6, 4], filterShape: [3, 3, 2, 4, 5], strides: [2, 1, 1], pad: 'same' },
    ],
    [
      'a filter deeper than the volume',
      { ...common, inShape: [2, 1, 4, 4, 3], filterShape: [5, 3, 3, 3, 4], pad: 'same' },
    ],
    [
      'slices of the filter that meet padding alone',
      { ...common, inShape: [1, 2, 4, 4, 3], filterShape: [3, 2, 2, 3, 4], strides: [3, 1, 1], pad: 'same' },
    ],
    [
      'the whole volume in one window',
      { ...common, inShape: [2, 3, 4, 5, 3], filterShape: [3, 4, 5, 3, 4], pad: 'valid' },
    ],
    [
      'more channels than blocks',
      { ...common, inShape: [1, 2, 3, 3, 90], filterShape: [2, 3, 3, 90, 13], pad: 'same' },
    ],
  ])('%s', (_, conv) => {
    agrees('forward')(conv);
    agrees('byInput')(conv);
    agrees('byFilter')(conv);
  });

  test('of nothing: zeros', () => {
    const empty: Conv = { ...common, inShape: [1, 2, 2, 2, 3], filterShape: [3, 1, 1, 3, 2], pad: 'valid' };
    for (const conv of [
      empty,
      { ...empty, inShape: [0, 4, 2, 2, 3] },
      { ...empty, inShape: [1, 4, 2, 2, 0], filterShape: [3, 1, 1, 0, 2] },
    ] as Conv[]) {
      for (const part of Object.keys(parts) as (keyof typeof parts)[]) agrees(part)(conv);
    }
  });

  describe('the op', () => {
    // gradients of its gradients are for all backends
    beforeAll(() => void hold('conv3d.test'));
    afterAll(() => release('conv3d.test'));

    test('and its gradients, as on cpu', () => {
      fc.assert(
        fc.property(convs(['valid', 'same']), conv => {
          const { inShape, filterShape, strides, pad, seed } = conv;
          const compute = valueAndGradients([inShape, filterShape], seed, (x, filter) =>
            tf.conv3d(x as tf.Tensor5D, filter as tf.Tensor5D, strides, pad as 'same'),
          );
          byOurs(stock, () => expectAsOnCpu(compute, termsOf(conv)));
        }),
        runs(60),
      );
    });

    test('conv3dTranspose and its gradients, as on cpu: TF.js has none', () => {
      fc.assert(
        fc.property(convs(['valid', 'same']), conv => {
          const { inShape, filterShape, strides, pad, seed } = conv;
          const compute = valueAndGradients([infoOf(conv).outShape, filterShape], seed, (x, filter) =>
            tf.conv3dTranspose(x as tf.Tensor5D, filter as tf.Tensor5D, inShape, strides, pad as 'same'),
          );
          byOurs(stock, () => expectAsOnCpu(compute, termsOf(conv)));
        }),
        runs(40),
      );
    });

    test.each(['x', 'filter'] as const)('a penalty on the gradient by %s, and its gradients', by => {
      const [inShape, filterShape]: [Five, Five] = [
        [2, 3, 4, 3, 2],
        [2, 2, 3, 2, 3],
      ];
      const [x, filter] = [floats(sizeOf(inShape), 5), floats(sizeOf(filterShape), 6)];
      const dy = floats(2 * 3 * 4 * 3 * 3, 7);
      const penalty = (p: tf.Tensor, q: tf.Tensor): tf.Tensor => {
        const loss = (a: tf.Tensor, b: tf.Tensor): tf.Scalar => {
          const y = tf.conv3d(a as tf.Tensor5D, b as tf.Tensor5D, 1, 'same');
          return tf.sum(tf.mul(tf.square(y), tf.tensor(dy, y.shape)));
        };
        const gradient = by === 'x' ? tf.grad(a => loss(a, q))(p) : tf.grad(b => loss(p, b))(q);
        return tf.mean(tf.square(gradient));
      };
      const compute = (): Float32Array[] =>
        tf.tidy(() => {
          const inputs = [tf.tensor(x, inShape), tf.tensor(filter, filterShape)];
          return tf
            .grads((p, q) => penalty(p as tf.Tensor, q as tf.Tensor))(inputs)
            .map(t => t.dataSync<'float32'>());
        });
      const [ours, theirs] = [byOurs(stock, compute), onCpu(compute)];
      for (const [i, values] of ours.entries()) {
        const largest = Math.max(...theirs[i]!.map(Math.abs));
        expect(largest).toBeGreaterThan(0.1);
        expect(Math.max(...values.map((v, j) => Math.abs(v - theirs[i]![j]!)))).toBeLessThan(1e-5 * largest);
      }
      // and by differences, of the numbers that are summed in double precision by cpu
      onCpu(() => {
        const at = (shift: number): number =>
          tf.tidy(() => {
            const moved = filter.map((v, j) => (j === 4 ? v + shift : v));
            return penalty(tf.tensor(x, inShape), tf.tensor(moved, filterShape)).dataSync()[0]!;
          });
        const slope = (at(0.02) - at(-0.02)) / 0.04;
        expect(ours[1]![4]! / slope).toBeCloseTo(1, 2);
        return [];
      });
    });
  });

  describe('refused', () => {
    test('dy of another shape than the result: stock reads and writes beyond its end', () => {
      const [dy, x] = [tf.ones([1, 2, 2, 2, 1]), tf.ones([1, 4, 4, 4, 1])];
      const filter = tf.ones([2, 2, 2, 1, 1]);
      const attrs = { strides: 1, pad: 'valid' };
      const before = tf.memory().numDataBuffers;
      expect(() =>
        tf.engine().runKernel(tf.Conv3DBackpropInputV2, { dy, filter }, { ...attrs, inputShape: [1, 4, 4, 4, 1] }),
      ).toThrow('Conv3DBackpropInputV2 expects dy of the shape of the result, [1,3,3,3,1]. Received: [1,2,2,2,1].');
      expect(() =>
        tf.engine().runKernel(tf.Conv3DBackpropFilterV2, { x, dy }, { ...attrs, filterShape: [2, 2, 2, 1, 1] }),
      ).toThrow('Conv3DBackpropFilterV2 expects dy of the shape');
      expect(tf.memory().numDataBuffers).toBe(before);
      tf.dispose([dy, x, filter]);
    });

    test('other types than float32, by stock', () => {
      const [x, filter] = [tf.ones([1, 2, 2, 2, 1], 'int32'), tf.ones([1, 1, 1, 1, 1])];
      expect(() => tf.conv3d(x as tf.Tensor5D, filter as tf.Tensor5D, 1, 'valid')).toThrow('must have dtype float32');
      tf.dispose([x, filter]);
    });
  });
});
