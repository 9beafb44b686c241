import type { FactoryLies } from '@keepprob/testing';
import { describe, expectTypeOf, test } from 'vitest';
import * as l1 from '../src/index.ts';

describe('types', () => {
  test('every factory takes what its definition checks', () => {
    expectTypeOf<FactoryLies<typeof l1>>().toEqualTypeOf<never>();
  });

  test('strengths are numbers, schedules or functions; elasticNet has two of them, by name', () => {
    expectTypeOf(l1.l1).toBeCallableWith(1e-4);
    expectTypeOf(l1.l1).toBeCallableWith(at => 1e-4 * at.epoch);
    expectTypeOf(l1.elasticNet).toBeCallableWith({ l1: 1e-4, l2: 1e-4 });
    // @ts-expect-error
    expectTypeOf(l1.elasticNet).toBeCallableWith(1e-4);
    // @ts-expect-error
    expectTypeOf(l1.elasticNet).toBeCallableWith({ l1: 1e-4 });
    // @ts-expect-error
    void (() => l1.l1({ strength: 1e-4, lambda: 1 }));
    // @ts-expect-error
    expectTypeOf(l1.l1).toBeCallableWith();
    // @ts-expect-error
    expectTypeOf(l1.l1).toBeCallableWith(true);
  });
});
