/** Einsum on wasm as products of matrices, and its gradient on every backend, against their definitions in float64. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { install, uninstall } from '../../src/gradients.ts';
import { withEachBuild } from '../support/builds.ts';
import { computed, expectDerivatives, expectValue, pointOf } from '../support/derivatives.ts';
import { einsumOf, equations } from '../support/equations.ts';
import { runs } from '../support/numbers.ts';

/** Derivatives of products of products. */
const TOLERANCE = 5e-4;

describe('on cpu', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
    await install();
  });
  afterAll(uninstall);

  test('the gradient and its gradient, where stock computes the value', () => {
    const before = tf.memory().numTensors;
    const property = fc.property(equations(false), fc.nat(), (equation, seed) => {
      // stock gives back its operand itself where nothing is to be done: one tensor with two gradients
      fc.pre(equation.terms.join() !== equation.result);
      const op = einsumOf(equation);
      const point = pointOf(op, seed);
      try {
        computed(op, point.inputs);
      } catch {
        fc.pre(false);
      }
      expectValue(op, point.inputs);
      expectDerivatives(op, point, TOLERANCE);
    });
    fc.assert(property, runs(40));
    expect(tf.memory().numTensors).toBe(before);
  });
});

withEachBuild(() => {
  beforeAll(async () => {
    await install({ optional: true });
  });
  afterAll(uninstall);

  test('value, shape, gradient and its gradient, whatever is summed', () => {
    fc.assert(
      fc.property(equations(true), fc.nat(), (equation, seed) => {
        const op = einsumOf(equation);
        const point = pointOf(op, seed);
        expect(computed(op, point.inputs).shape).toEqual([...equation.result].map(letter => equation.sizes[letter]));
        expectValue(op, point.inputs);
        expectDerivatives(op, point, TOLERANCE);
      }),
      runs(80),
    );
  });

  test('attention of several heads: scores and the values that they weigh', () => {
    const sizes = { b: 2, q: 17, k: 19, h: 3, d: 8 };
    for (const [terms, result] of [
      [['bqhd', 'bkhd'], 'bhqk'],
      [['bhqk', 'bkhd'], 'bqhd'],
    ] as const) {
      const op = einsumOf({ equation: `${terms.join()}->${result}`, sizes, terms, result });
      expectValue(op, pointOf(op, 3).inputs);
    }
  });

  test('nothing to sum is 0, and nothing at all has no elements', () => {
    const [none, w] = [tf.zeros([2, 0]), tf.zeros([0, 3])];
    expect([...tf.tidy(() => tf.einsum('ab,bc->ac', none, w).dataSync())]).toEqual(new Array(6).fill(0));
    expect(tf.tidy(() => tf.einsum('ab,ac->bc', none, none).shape)).toEqual([0, 0]);
    expect([...tf.tidy(() => tf.einsum('ab->a', none).dataSync())]).toEqual([0, 0]);
    tf.dispose([none, w]);
  });

  test.each<[string, number[][], RegExp]>([
    [
      'ab,bc->ac',
      [
        [2, 3],
        [4, 5],
      ],
      /'ab,bc->ac' needs .* \[2,3\] and \[4,5\]/,
    ],
    ['ab->a', [[2, 3, 4]], /Received shapes: \[2,3,4\]/],
    ['ab->aa', [[2, 3]], /has each letter once/],
    ['aab->b', [[2, 2, 3]], /duplicate axes/],
    ['ab', [[2, 3]], /without an arrow/],
  ])('%s of shapes %j says what is wrong, and keeps nothing', (equation, shapes, words) => {
    const given = shapes.map(shape => tf.ones(shape));
    const before = tf.memory().numTensors;
    expect(() => tf.tidy(() => tf.einsum(equation, ...given))).toThrow(words);
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(given);
  });
});
