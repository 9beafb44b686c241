/** Convolutions and their gradients against exact sums, and what TF.js makes of them. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { byOurs, withEachBuild } from './support/builds.ts';
import { agreesOn, type Conv, common, convs, infoOf } from './support/convs.ts';
import { expectWithin, floats, runs, sizeOf, take } from './support/numbers.ts';
import { expectAsOnCpu, valueAndGradients } from './support/onBoth.ts';
import { convExact } from './support/products.ts';
import { type Four, type Pair, upTo } from './support/windows.ts';

withEachBuild(stock => {
  const agrees = agreesOn(stock);

  describe('conv2d', () => {
    test('forward, dilated too', () => {
      fc.assert(fc.property(convs({ dilated: true }), agrees('forward')), runs(250));
    });
    test('gradient by the input', () => {
      fc.assert(fc.property(convs(), agrees('byInput')), runs(250));
    });
    test('gradient by the filter', () => {
      fc.assert(fc.property(convs(), agrees('byFilter')), runs(250));
    });

    test.each<[string, Conv]>([
      [
        'patches longer than a block of k',
        { ...common, inShape: [1, 5, 6, 33], filterShape: [5, 5, 33, 7], strides: [1, 1], pad: 'same' },
      ],
      [
        'patches of two blocks of k, dilated',
        { ...common, inShape: [1, 9, 9, 90], filterShape: [3, 3, 90, 5], strides: [1, 1], dilations: [2, 3], pad: 2 },
      ],
      [
        'more channels out than a block of columns',
        { ...common, inShape: [1, 3, 4, 3], filterShape: [2, 2, 3, 519], strides: [1, 1], pad: 'valid' },
      ],
      [
        'more channels in than a block of columns',
        { ...common, inShape: [1, 4, 3, 517], filterShape: [2, 2, 517, 3], strides: [2, 1], pad: 'same' },
      ],
      [
        'more pixels than blocks of rows and of sums',
        { ...common, inShape: [2, 19, 21, 4], filterShape: [3, 3, 4, 6], strides: [1, 1], pad: 'same' },
      ],
      [
        'more pixels than blocks, with strides',
        { ...common, inShape: [2, 33, 36, 3], filterShape: [4, 3, 3, 5], strides: [2, 1], pad: 1 },
      ],
      [
        'patches of an image of few channels, in parts of rows',
        { ...common, inShape: [1, 61, 66, 4], filterShape: [7, 6, 4, 5], strides: [2, 2], pad: 'same' },
      ],
      [
        'patches of images of few channels, some at a time',
        { ...common, inShape: [9, 25, 30, 3], filterShape: [5, 5, 3, 4], strides: [1, 1], pad: 1 },
      ],
      [
        'patches that leave out pixels between them',
        { ...common, inShape: [2, 11, 13, 6], filterShape: [2, 2, 6, 8], strides: [3, 4], pad: 'valid' },
      ],
      [
        'one pixel to one pixel: a product',
        { ...common, inShape: [3, 11, 9, 13], filterShape: [1, 1, 13, 17], strides: [1, 1], pad: 'same' },
      ],
      [
        'one pixel to one pixel, with strides',
        { ...common, inShape: [3, 11, 9, 13], filterShape: [1, 1, 13, 17], strides: [2, 3], pad: 'valid' },
      ],
      [
        'one pixel to one pixel, with padding',
        { ...common, inShape: [3, 4, 5, 6], filterShape: [1, 1, 6, 7], strides: [1, 1], pad: 2 },
      ],
      [
        'rows of dy that come in parts',
        { ...common, inShape: [1, 40, 62, 1], filterShape: [2, 3, 1, 100], strides: [1, 1], pad: 'same' },
      ],
      [
        'rows of dy that come in parts, with strides',
        { ...common, inShape: [1, 41, 124, 1], filterShape: [2, 3, 1, 100], strides: [1, 2], pad: 'valid' },
      ],
      [
        'columns of dy that come in parts',
        { ...common, inShape: [1, 2, 500, 1], filterShape: [2, 1, 1, 420], strides: [1, 1], pad: 'valid' },
      ],
      [
        'patches that fill a block of k, in runs of no multiple of four',
        { ...common, inShape: [1, 12, 34, 10], filterShape: [8, 5, 10, 6], strides: [1, 1], pad: 'valid' },
      ],
      ...(
        [
          [
            [0, 1],
            [0, 0],
          ],
          [
            [0, 0],
            [0, 1],
          ],
          [
            [1, 0],
            [0, 0],
          ],
          [
            [0, 0],
            [1, 0],
          ],
        ] as [Pair, Pair][]
      ).map(([y, x]): [string, Conv] => [
        `one pixel to one pixel, with padding of ${y} above and below and ${x} at the sides`,
        { ...common, inShape: [2, 3, 4, 5], filterShape: [1, 1, 5, 3], strides: [1, 1], pad: [[0, 0], y, x, [0, 0]] },
      ]),
      [
        'strides wider than the filter',
        { ...common, inShape: [2, 9, 8, 3], filterShape: [2, 1, 3, 4], strides: [3, 3], pad: 'valid' },
      ],
      [
        'one image, one channel, one pixel',
        { ...common, inShape: [1, 1, 1, 1], filterShape: [1, 1, 1, 1], strides: [1, 1], pad: 'same' },
      ],
      [
        'an image smaller than the filter',
        { ...common, inShape: [2, 2, 1, 3], filterShape: [5, 4, 3, 2], strides: [1, 2], pad: 'same' },
      ],
      [
        'the whole image in one window',
        { ...common, inShape: [2, 6, 7, 5], filterShape: [6, 7, 5, 9], strides: [1, 1], pad: 'valid' },
      ],
    ])('%s', (_, conv) => {
      agrees('forward')(conv);
      if (conv.dilations[0] * conv.dilations[1] > 1) return;
      agrees('byInput')(conv);
      agrees('byFilter')(conv);
    });

    test('the op and its gradients, as on cpu', () => {
      fc.assert(
        fc.property(convs({ asOp: true }), conv => {
          const { inShape, filterShape, strides, pad, seed } = conv;
          const compute = valueAndGradients([inShape, filterShape], seed, (x, filter) =>
            tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad),
          );
          const info = infoOf(conv);
          const terms = Math.max(sizeOf(filterShape), sizeOf(info.outShape.slice(0, 3)));
          byOurs(stock, () => expectAsOnCpu(compute, terms));
        }),
        runs(80),
      );
    });
  });

  describe('depthwise conv2d', () => {
    test('gradient by the input', () => {
      fc.assert(fc.property(convs({ dilated: true, depthwise: true }), agrees('byInput')), runs(200));
    });
    test('gradient by the filter', () => {
      fc.assert(fc.property(convs({ dilated: true, depthwise: true }), agrees('byFilter')), runs(200));
    });
    test('the op’s gradients, as on cpu', () => {
      fc.assert(
        fc.property(convs({ depthwise: true, asOp: true }), conv => {
          const { inShape, filterShape, strides, pad, seed } = conv;
          const compute = valueAndGradients([inShape, filterShape], seed, (x, filter) =>
            tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad, 'NHWC'),
          );
          const terms = Math.max(sizeOf(filterShape), sizeOf(infoOf(conv).outShape.slice(0, 3)));
          // the product itself is the stock kernel's
          expectAsOnCpu(absolute => compute(absolute).slice(1), terms);
        }),
        runs(60),
      );
    });
  });

  describe('what is made of them', () => {
    test('conv1d and its gradients', () => {
      fc.assert(
        fc.property(convs({ height: 1, asOp: true }), conv => {
          const { inShape, filterShape, strides, pad, seed } = conv;
          // padding of a number pads the one row too
          fc.pre(pad === 'valid' || pad === 'same');
          const [shape, filter] = [[inShape[0], inShape[2], inShape[3]], filterShape.slice(1)];
          const compute = valueAndGradients([shape, filter], seed, (x, w) =>
            tf.conv1d(x as tf.Tensor3D, w as tf.Tensor3D, strides[1], pad as 'same'),
          );
          byOurs(stock, () => expectAsOnCpu(compute, Math.max(sizeOf(filter), inShape[0] * inShape[2])));
        }),
        runs(120),
      );
    });

    test('conv2dTranspose and its gradients', () => {
      fc.assert(
        fc.property(convs({ asOp: true }), conv => {
          const { inShape, filterShape, strides, pad, seed } = conv;
          // its input is the other's output
          const compute = valueAndGradients([infoOf(conv).outShape, filterShape], seed, (x, filter) =>
            tf.conv2dTranspose(...([x as tf.Tensor4D, filter as tf.Tensor4D, inShape, strides, pad] as const)),
          );
          const terms = Math.max(sizeOf(filterShape), sizeOf(infoOf(conv).outShape.slice(0, 3)));
          byOurs(stock, () => expectAsOnCpu(compute, terms));
        }),
        runs(80),
      );
    });

    test('separableConv2d’s gradients', () => {
      fc.assert(
        fc.property(convs({ depthwise: true, asOp: true }), upTo(9), (conv, o) => {
          const { inShape, filterShape, strides, pad, seed } = conv;
          fc.pre(pad === 'valid' || pad === 'same');
          const pointwise: Four = [1, 1, filterShape[2] * filterShape[3], o];
          const compute = valueAndGradients([inShape, filterShape, pointwise], seed, (x, depth, point) =>
            tf.separableConv2d(
              ...([x as tf.Tensor4D, depth as tf.Tensor4D, point as tf.Tensor4D, strides, pad] as const),
            ),
          );
          const { outShape } = infoOf(conv);
          const [fy, fx, , multiplier] = filterShape;
          const [pixels, taps] = [sizeOf(outShape.slice(0, 3)), fy * fx * multiplier];
          expectAsOnCpu(absolute => compute(absolute).slice(1, 3), o + Math.max(pixels, taps));
          // the product by the depthwise filter is the stock kernel's, and not always right; what is made of it is ours
          const x = take(
            tf.tidy(() => {
              const [image, filter] = [
                tf.tensor(floats(sizeOf(inShape), seed), inShape),
                tf.tensor(floats(sizeOf(filterShape), seed + 1), filterShape),
              ];
              return tf.depthwiseConv2d(image as tf.Tensor4D, filter as tf.Tensor4D, strides, pad);
            }),
          );
          const info = tf.backend_util.computeConv2DInfo(outShape, pointwise, 1, 1, 'valid');
          const [y, , , byPointwise] = compute(false) as [Float32Array, Float32Array, Float32Array, Float32Array];
          const dy = floats(pixels * o, seed + 3);
          expectWithin(y, convExact(info, { x, filter: floats(sizeOf(pointwise), seed + 2) }));
          expectWithin(byPointwise, convExact(info, { x, dy }));
        }),
        runs(80),
      );
    });
  });
});

// sound over time: more pixels in a row than working memory has room for
withEachBuild(stock => {
  const agrees = agreesOn(stock);
  test.each<[string, Conv]>([
    ['padded', { ...common, inShape: [1, 1, 26_200, 1], filterShape: [1, 3, 1, 8], strides: [1, 1], pad: 'same' }],
    ['strides', { ...common, inShape: [1, 2, 53_000, 1], filterShape: [2, 3, 1, 7], strides: [1, 2], pad: 'valid' }],
    [
      'long strides',
      { ...common, inShape: [1, 1, 60_000, 2], filterShape: [1, 4, 2, 9], strides: [1, 2], pad: 'same' },
    ],
  ])('lines longer than working memory: %s', (_, conv) => {
    agrees('forward')(conv);
    agrees('byInput')(conv);
    agrees('byFilter')(conv);
  });
});
