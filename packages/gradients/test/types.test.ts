import type { FactoryLies } from '@keepprob/testing';
import { describe, expectTypeOf, test } from 'vitest';
import * as gradients from '../src/index.ts';

describe('types', () => {
  test('every factory takes what its definition checks', () => {
    expectTypeOf<FactoryLies<typeof gradients>>().toEqualTypeOf<never>();
  });

  test('thresholds are numbers, schedules or functions; the rest are options', () => {
    expectTypeOf(gradients.clipNorm).toBeCallableWith(1);
    expectTypeOf(gradients.clipNorm).toBeCallableWith(at => 1 / (at.step + 1));
    expectTypeOf(gradients.sam).toBeCallableWith();
    expectTypeOf(gradients.sam).toBeCallableWith(0.05);
    // @ts-expect-error
    expectTypeOf(gradients.clipNorm).toBeCallableWith();
    // @ts-expect-error: parts are counted, not scheduled
    expectTypeOf(gradients.accumulate).toBeCallableWith(at => at.step);
    // @ts-expect-error
    expectTypeOf(gradients.centralize).toBeCallableWith(1);
    // @ts-expect-error
    expectTypeOf(gradients.sam).toBeCallableWith({ radius: 1 });
  });
});
