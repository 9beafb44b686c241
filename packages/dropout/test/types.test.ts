import type { Layer } from '@keepprob/core/layers';
import type { FactoryLies } from '@keepprob/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expectTypeOf, test } from 'vitest';
import * as dropout from '../src/index.ts';

describe('types', () => {
  test('every factory takes what its definition checks', () => {
    expectTypeOf<FactoryLies<typeof dropout>>().toEqualTypeOf<never>();
  });

  test('layers take keepProb or rate, by name, and the arguments of every layer', () => {
    expectTypeOf(dropout.dropout).toBeCallableWith({ keepProb: 0.5, noiseShape: [null, 1], name: 'drop' });
    expectTypeOf(dropout.dropout).toBeCallableWith({ rate: 0.5 });
    // @ts-expect-error: a bare number does not say which of them it is
    expectTypeOf(dropout.dropout).toBeCallableWith(0.5);
    // @ts-expect-error: one of them, not both
    expectTypeOf(dropout.dropout).toBeCallableWith({ keepProb: 0.5, rate: 0.5 });
    // @ts-expect-error: and not none
    expectTypeOf(dropout.dropout).toBeCallableWith({ seed: 1 });
    // @ts-expect-error
    void (() => dropout.dropout({ rate: 0.5, keepprob: 0.5 }));
  });
  test('wrappers take a layer and then options, if they need any', () => {
    expectTypeOf(dropout.dropConnect).parameter(0).toEqualTypeOf<Layer>();
    // @ts-expect-error
    expectTypeOf(dropout.dropConnect).toBeCallableWith(tf.layers.dense({ units: 1 }));
    // @ts-expect-error
    expectTypeOf(dropout.dropConnect).toBeCallableWith(tf.layers.dense({ units: 1 }), { rate: 0.5, roles: ['bias'] });
  });
  test('recurrent layers take the arguments of the stock ones', () => {
    expectTypeOf(dropout.dropoutLSTM).toBeCallableWith({ units: 4, keepProb: 0.5, recurrentDropout: 0.1 });
    expectTypeOf(dropout.dropoutGRU).toBeCallableWith({ units: 4, resetAfter: true });
    // @ts-expect-error: units are required
    expectTypeOf(dropout.dropoutLSTM).toBeCallableWith({ keepProb: 0.5 });
    // @ts-expect-error: one of them, not both
    expectTypeOf(dropout.dropoutGRU).toBeCallableWith({ units: 4, keepProb: 0.5, dropout: 0.5 });
  });
  test('concreteDropout needs nothing; rDrop a strength', () => {
    expectTypeOf(dropout.concreteDropout).toBeCallableWith();
    expectTypeOf(dropout.rDrop).toBeCallableWith(1);
    // @ts-expect-error
    expectTypeOf(dropout.rDrop).toBeCallableWith();
  });
});
