import type { FactoryLies } from '@keepprob/testing';
import { describe, expectTypeOf, test } from 'vitest';
import * as stopping from '../src/index.ts';

describe('types', () => {
  test('every factory takes what its definition checks', () => {
    expectTypeOf<FactoryLies<typeof stopping>>().toEqualTypeOf<never>();
  });

  test('criteria have a bare form, rules with a patience do not', () => {
    expectTypeOf(stopping.stopOnGeneralizationLoss).toBeCallableWith(5);
    expectTypeOf(stopping.earlyStopping).toBeCallableWith();
    expectTypeOf(stopping.earlyStopping).toBeCallableWith({ patience: 3, baseline: null });
    expectTypeOf(stopping.terminateOnNaN).toBeCallableWith();
    // @ts-expect-error
    expectTypeOf(stopping.earlyStopping).toBeCallableWith(3);
    // @ts-expect-error
    void (() => stopping.earlyStopping({ patience: 3, epochs: 1 }));
    // @ts-expect-error: epochs are counted, not scheduled
    expectTypeOf(stopping.stopOnIncreases).toBeCallableWith(() => 3);
    // @ts-expect-error
    expectTypeOf(stopping.terminateOnNaN).toBeCallableWith({ monitor: 'loss' });
  });
});
