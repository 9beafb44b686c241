import type { FactoryLies } from '@keepprob/testing';
import { describe, expectTypeOf, test } from 'vitest';
import * as averaging from '../src/index.ts';

describe('types', () => {
  test('every factory takes what its definition checks', () => {
    expectTypeOf<FactoryLies<typeof averaging>>().toEqualTypeOf<never>();
  });

  test('decays are numbers, schedules or functions; swa has no bare form', () => {
    expectTypeOf(averaging.ema).toBeCallableWith(0.999);
    expectTypeOf(averaging.ema).toBeCallableWith(at => 1 - 1 / (at.step + 2));
    expectTypeOf(averaging.ema).toBeCallableWith({ decay: 0.999, every: { steps: 10 } });
    // @ts-expect-error
    expectTypeOf(averaging.ema).toBeCallableWith();
    // @ts-expect-error: averages follow updates, not epochs
    expectTypeOf(averaging.ema).toBeCallableWith({ decay: 0.999, every: { epochs: 1 } });
    // @ts-expect-error
    expectTypeOf(averaging.swa).toBeCallableWith(15);
  });
});
