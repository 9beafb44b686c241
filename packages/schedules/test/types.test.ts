import type { TrainingPlugin } from '@keepprob/core';
import type { FactoryLies } from '@keepprob/testing';
import { describe, expectTypeOf, test } from 'vitest';
import * as schedules from '../src/index.ts';

describe('types', () => {
  test('every factory takes what its definition checks', () => {
    expectTypeOf<FactoryLies<Omit<typeof schedules, 'schedule'>>>().toEqualTypeOf<never>();
  });

  test('schedule takes a rate, a momentum or both: no type says "at least one"', () => {
    expectTypeOf(schedules.schedule).parameters.toEqualTypeOf<[options: schedules.ScheduleOptions]>();
    expectTypeOf(schedules.schedule).returns.toEqualTypeOf<TrainingPlugin>();
    expectTypeOf(schedules.schedule).toBeCallableWith({ learningRate: at => 1 / (at.step + 1) });
    // @ts-expect-error
    expectTypeOf(schedules.schedule).toBeCallableWith();
    // @ts-expect-error
    expectTypeOf(schedules.schedule).toBeCallableWith(0.1);
  });
});
