/** A convolution with bias and activation in one kernel. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { test } from 'vitest';
import { byOurs, withEachBuild } from '../support/builds.ts';
import { attrsOf, type Conv, convs, filterOf, infoOf, parts, xOf } from '../support/convs.ts';
import { expectSame, expectWithin, floats, runs, sizeOf, take } from '../support/numbers.ts';
import { expectAsOnCpu, run, valueAndGradients } from '../support/onBoth.ts';
import { plusBias } from '../support/products.ts';

withEachBuild(stock => {
  const alpha = Math.fround(0.3);
  const fused = (conv: Conv, bias: Float32Array | undefined, activation: string) => (): tf.Tensor =>
    run(
      tf.FusedConv2D,
      {
        x: [xOf(conv), conv.inShape],
        filter: [filterOf(conv), conv.filterShape],
        ...(bias && { bias: [bias, [bias.length]] as [Float32Array, number[]] }),
      },
      { ...attrsOf(conv), activation, leakyreluAlpha: alpha },
    );
  const biased = fc
    .tuple(convs({ dilated: true }), fc.option(fc.constantFrom(1, 5, 20), { nil: undefined }))
    .map(([conv, scale]) => ({
      conv,
      bias: scale === undefined ? undefined : floats(conv.filterShape[3], conv.seed + 3).map(v => v * scale),
    }));

  test('bias: one more term', () => {
    fc.assert(
      fc.property(biased, ({ conv, bias }) => {
        const exact = parts.forward[1](conv);
        expectWithin(take(byOurs(stock, fused(conv, bias, 'linear'))), bias ? plusBias(exact, bias) : exact);
      }),
      runs(80),
    );
  });

  const activated: Record<string, (y: Float32Array) => Float32Array> = {
    relu: y => y.map(v => (v < 0 ? 0 : v)),
    relu6: y => y.map(v => Math.min(v < 0 ? 0 : v, 6)),
    leakyrelu: y => y.map(v => (v < 0 ? v * alpha : v)),
    elu: y => take(tf.tidy(() => tf.elu(tf.tensor1d(y)))),
    sigmoid: y => take(tf.tidy(() => tf.sigmoid(tf.tensor1d(y)))),
  };
  test.each(Object.keys(activated))('%s of the result, to the bit', activation => {
    fc.assert(
      fc.property(biased, ({ conv, bias }) => {
        const linear = take(fused(conv, bias, 'linear')());
        expectSame(take(byOurs(stock, fused(conv, bias, activation))), activated[activation]!(linear));
      }),
      runs(30),
    );
  });

  test('the op with bias and its gradients, as on cpu', () => {
    fc.assert(
      fc.property(convs({ asOp: true }), conv => {
        const { inShape, filterShape, strides, pad, seed } = conv;
        const compute = valueAndGradients([inShape, filterShape, [filterShape[3]]], seed, (x, filter, bias) =>
          tf.fused.conv2d({
            ...{ x: x as tf.Tensor4D, filter: filter as tf.Tensor4D, bias: bias!, strides, pad },
          }),
        );
        const terms = Math.max(sizeOf(filterShape), sizeOf(infoOf(conv).outShape.slice(0, 3)));
        byOurs(stock, () => expectAsOnCpu(compute, terms));
      }),
      runs(40),
    );
  });
});
