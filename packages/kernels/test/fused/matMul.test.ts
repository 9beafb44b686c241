/** A product of matrices with bias and activation in one kernel. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byOurs, onCpu, withEachBuild } from '../support/builds.ts';
import { nearBlocks, product, type Sizes, small, withValues } from '../support/matrices.ts';
import { expectSame, expectWithin, floats, runs, sizeOf, take } from '../support/numbers.ts';
import { type Matrices, matMulExact, plusBias } from '../support/products.ts';

withEachBuild(stock => {
  const activations = ['linear', 'relu', 'relu6', 'leakyrelu', 'elu', 'sigmoid'] as const;
  const alpha = Math.fround(0.3);

  interface Fused extends Matrices {
    readonly a: Float32Array;
    readonly b: Float32Array;
    readonly bias?: Float32Array | undefined;
    readonly slopes?: Float32Array;
  }

  /** The kernel itself: the op reshapes batches to one dimension. */
  const fused = (given: Fused, activation: string): tf.Tensor =>
    tf.tidy(() => {
      const inputs: tf.NamedTensorMap = {
        a: tf.tensor(given.a, [...given.aShape]),
        b: tf.tensor(given.b, [...given.bShape]),
        ...(given.bias && { bias: tf.tensor1d(given.bias) }),
        ...(given.slopes && { preluActivationWeights: tf.tensor1d(given.slopes) }),
      };
      const { transposeA, transposeB } = given;
      const attrs = { transposeA, transposeB, activation, leakyreluAlpha: alpha };
      return tf.engine().runKernel(tf._FusedMatMul, inputs, attrs) as tf.Tensor;
    });

  /** The op makes three dimensions of all; the stock kernel knows no fewer. */
  const atLeast3 = <T extends Matrices>(given: T): T => {
    const lead = (shape: readonly number[]) => (shape.length < 3 ? [1, ...shape] : shape);
    return { ...given, aShape: lead(given.aShape), bShape: lead(given.bShape) };
  };

  const cases = fc
    .tuple(
      product(fc.oneof({ weight: 8, arbitrary: small }, { weight: 1, arbitrary: nearBlocks })),
      fc.boolean(),
      fc.constantFrom(1, 5, 20),
    )
    .map(([given, biased, scale]) => ({
      ...withValues(atLeast3(given)),
      // up to ±20, so that relu6 has something to cut
      bias: biased ? floats(given.n, given.seed + 3).map(v => v * scale) : undefined,
    }));

  test('bias: one more term', () => {
    fc.assert(
      fc.property(cases, given => {
        const { shape, ...exact } = matMulExact(given.a, given.b, given);
        const y = byOurs(stock, () => fused(given, 'linear'));
        expect(y.shape).toEqual(shape);
        expectWithin(take(y), given.bias ? plusBias(exact, given.bias) : exact);
      }),
      runs(150),
    );
  });

  /** What an activation makes of a float: exactly, or by the backend's own kernel. */
  const activated: Record<(typeof activations)[number], (y: Float32Array) => ArrayLike<number>> = {
    linear: y => y,
    relu: y => y.map(v => (v < 0 ? 0 : v)),
    relu6: y => y.map(v => Math.min(v < 0 ? 0 : v, 6)),
    leakyrelu: y => y.map(v => (v < 0 ? v * alpha : v)),
    elu: y => take(tf.tidy(() => tf.elu(tf.tensor1d(y)))),
    sigmoid: y => take(tf.tidy(() => tf.sigmoid(tf.tensor1d(y)))),
  };

  test.each(activations)('%s of the result, to the bit', activation => {
    fc.assert(
      fc.property(cases, given => {
        const linear = take(fused(given, 'linear'));
        const y = take(byOurs(stock, () => fused(given, activation)));
        expectSame(y, activated[activation](linear));
      }),
      runs(40),
    );
  });

  test.each(activations)('%s through the op, as on cpu', activation => {
    fc.assert(
      fc.property(cases, given => {
        const [aShape, bShape] = [given.aShape.slice(-2), given.bShape.slice(-2)] as [number, number][];
        const compute = (): Float32Array =>
          tf.tidy(() => {
            const a = tf.tensor(given.a.subarray(0, sizeOf(aShape!)), aShape) as tf.Tensor2D;
            const b = tf.tensor(given.b.subarray(0, sizeOf(bShape!)), bShape) as tf.Tensor2D;
            const { transposeA, transposeB } = given;
            const bias = given.bias && tf.tensor1d(given.bias);
            const options = { a, b, transposeA, transposeB, activation, leakyreluAlpha: alpha };
            return tf.fused.matMul({ ...options, ...(bias && { bias }) }).dataSync<'float32'>();
          });
        const { shape: _, ...exact } = matMulExact(given.a, given.b, { ...given, aShape: aShape!, bShape: bShape! });
        const { size, terms } = given.bias ? plusBias(exact, given.bias) : exact;
        const value = Float64Array.from(onCpu(compute));
        // both are wrong by at most the bound, no activation here makes an error larger, and has one of a few roundings
        expectWithin(byOurs(stock, compute), { value, size, terms }, (n, s) => 2 * (n + 2) * 2 ** -24 * s + 2 ** -21);
      }),
      runs(20),
    );
  });

  test('prelu is the stock kernel’s, with our kernels installed too', () => {
    fc.assert(
      fc.property(product(small).map(atLeast3).map(withValues), given => {
        fc.pre(given.aShape.length === 3 && given.bShape.length === 3);
        const slopes = floats(given.n, given.seed + 4);
        const linear = matMulExact(given.a, given.b, given);
        stock.clear();
        const y = take(fused({ ...given, slopes }, 'prelu'));
        expect(stock.calls()).toEqual([tf._FusedMatMul]);
        const value = linear.value.map((v, i) => (v < 0 ? v * slopes[i % given.n]! : v));
        expectWithin(y, { ...linear, value, terms: linear.terms.map(n => n + 1) });
      }),
      runs(60),
    );
  });

  test('gradients of the op by a, b and bias, as on cpu', () => {
    fc.assert(
      fc.property(cases, fc.constantFrom('linear', 'relu', 'relu6'), (given, activation) => {
        const [aShape, bShape] = [given.aShape.slice(-2), given.bShape.slice(-2)] as [number, number][];
        const [a0, b0] = [given.a.subarray(0, sizeOf(aShape!)), given.b.subarray(0, sizeOf(bShape!))];
        const bias0 = given.bias ?? floats(given.n, given.seed + 3);
        const { transposeA, transposeB } = given;
        const gradients = (absolute: boolean) => (): Float32Array[] =>
          tf.tidy(() => {
            const f = (a: tf.Tensor, b: tf.Tensor, bias: tf.Tensor): tf.Tensor => {
              const inputs = { a: a as tf.Tensor2D, b: b as tf.Tensor2D, bias };
              const y = tf.fused.matMul({
                ...inputs,
                transposeA,
                transposeB,
                activation: absolute ? 'linear' : activation,
              });
              const dy = tf.tensor(floats(y.size, given.seed + 5), y.shape);
              return tf.sum(tf.mul(y, absolute ? tf.abs(dy) : dy));
            };
            const [a, b, bias] = [tf.tensor(a0, aShape), tf.tensor(b0, bShape), tf.tensor1d(bias0)];
            const inputs = absolute ? [tf.abs(a), tf.abs(b), tf.abs(bias)] : [a, b, bias];
            return tf
              .grads(f)(inputs)
              .map(g => g.dataSync<'float32'>());
          });
        // an element so near to 0 or 6 that rounding decides has a gradient on one side only
        const { value, size, terms } = plusBias(
          matMulExact(a0, b0, { ...given, aShape: aShape!, bShape: bShape! }),
          bias0,
        );
        fc.pre(value.every((v, i) => Math.min(Math.abs(v), Math.abs(v - 6)) > 2 ** -23 * (terms[i]! + 2) * size[i]!));
        const ours = gradients(false)();
        const [theirs, sizes] = [onCpu(gradients(false)), onCpu(gradients(true))];
        const [m, n, k] = [aShape![transposeA ? 1 : 0], given.n, aShape![transposeA ? 0 : 1]] as Sizes;
        [n, m, m].forEach((terms, i) => {
          const exact = {
            value: Float64Array.from(theirs[i]!),
            size: Float64Array.from(sizes[i]!),
            terms: new Float64Array(ours[i]!.length).fill(terms),
          };
          expectWithin(ours[i]!, exact, (t, s) => 2 * (t + 2) * 2 ** -24 * s);
        });
        expect(ours.map(g => g.length)).toEqual([m * k, k * n, n]);
      }),
      runs(80),
    );
  });
});
