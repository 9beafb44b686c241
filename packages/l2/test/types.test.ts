import type { TrainingPlugin } from '@keepprob/core';
import type { FactoryLies } from '@keepprob/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expectTypeOf, test } from 'vitest';
import * as l2 from '../src/index.ts';

describe('types', () => {
  test('every factory takes what its definition checks', () => {
    expectTypeOf<
      FactoryLies<Omit<typeof l2, 'activityL1' | 'activityL2' | 'layerConstraints'>>
    >().toEqualTypeOf<never>();
  });

  test('strengths are numbers, schedules or functions, those of l2 by the name of a layer, too', () => {
    expectTypeOf(l2.l2).toBeCallableWith(1e-4);
    expectTypeOf(l2.l2).toBeCallableWith(at => 1e-4 * at.epoch);
    expectTypeOf(l2.l2).toBeCallableWith({ strength: { hidden1: 1e-3 } });
    // @ts-expect-error: it could be options
    expectTypeOf(l2.l2).toBeCallableWith({ hidden1: 1e-3 });
    // @ts-expect-error
    expectTypeOf(l2.l2).toBeCallableWith();
    // @ts-expect-error
    expectTypeOf(l2.l2).toBeCallableWith('1e-4');
  });
  test('constraints without a size have no bare form', () => {
    expectTypeOf(l2.unitNorm).toBeCallableWith();
    expectTypeOf(l2.minMaxNorm).toBeCallableWith({ maxNorm: 2 });
    // @ts-expect-error
    expectTypeOf(l2.unitNorm).toBeCallableWith(1);
    // @ts-expect-error
    expectTypeOf(l2.minMaxNorm).toBeCallableWith(2);
    // @ts-expect-error
    expectTypeOf(l2.maxNorm).toBeCallableWith();
  });
  test('activity penalties make the layer that they are short for', () => {
    expectTypeOf(l2.activityL1).toBeCallableWith(1e-5);
    expectTypeOf(l2.activityL2).toBeCallableWith({ strength: 1e-5, name: 'small' });
    expectTypeOf(l2.activityL1).returns.toEqualTypeOf<ReturnType<typeof l2.activityRegularization>>();
    // @ts-expect-error
    expectTypeOf(l2.activityL1).toBeCallableWith();
    // @ts-expect-error: a layer is saved, a function is not
    expectTypeOf(l2.activityL1).toBeCallableWith(() => 1e-5);
  });
  test('layerConstraints takes a model; wrappers take a layer', () => {
    expectTypeOf(l2.layerConstraints).parameters.toEqualTypeOf<[model: tf.LayersModel]>();
    expectTypeOf(l2.layerConstraints).returns.toEqualTypeOf<TrainingPlugin>();
    expectTypeOf(l2.spectralNorm).toBeCallableWith(tf.layers.dense({ units: 1 }), { powerIterations: 2 });
    expectTypeOf(l2.weightNorm).toBeCallableWith(tf.layers.dense({ units: 1 }), { name: 'normed' });
    // @ts-expect-error
    void (() => l2.weightNorm(tf.layers.dense({ units: 1 }), { g: 1 }));
    // @ts-expect-error
    expectTypeOf(l2.weightNorm).toBeCallableWith({});
  });
});
