import type { TrainingPlugin } from '@keepprob/core';
import type { FactoryLies } from '@keepprob/testing';
import { describe, expectTypeOf, test } from 'vitest';
import * as augment from '../src/index.ts';

describe('types', () => {
  test('every factory takes what its definition checks', () => {
    expectTypeOf<
      FactoryLies<Omit<typeof augment, 'fromEpoch' | 'oneOf' | 'randomApply' | 'untilEpoch'>>
    >().toEqualTypeOf<never>();
  });

  test('five that have no bare form refuse it', () => {
    // @ts-expect-error
    expectTypeOf(augment.randomFlip).toBeCallableWith(0.3);
    // @ts-expect-error
    expectTypeOf(augment.randomAffine).toBeCallableWith(0.3);
    // @ts-expect-error
    expectTypeOf(augment.randomTranslation).toBeCallableWith(0.3);
    // @ts-expect-error
    expectTypeOf(augment.colorJitter).toBeCallableWith(0.3);
    // @ts-expect-error
    expectTypeOf(augment.randAugment).toBeCallableWith(2);
  });
  test('those of them that need no option take none', () => {
    expectTypeOf(augment.randomFlip).toBeCallableWith();
    expectTypeOf(augment.randAugment).toBeCallableWith({ magnitude: 5 });
    // @ts-expect-error: how far is required
    expectTypeOf(augment.randomTranslation).toBeCallableWith();
  });
  test('a range is told as a number, or as bounds by name', () => {
    expectTypeOf(augment.randomRotation).toBeCallableWith(0.1);
    expectTypeOf(augment.randomRotation).toBeCallableWith({ factor: [-0.1, 0.2] });
    // @ts-expect-error: a list could be options
    expectTypeOf(augment.randomRotation).toBeCallableWith([-0.1, 0.2]);
  });
  test('unknown and missing options are refused', () => {
    // @ts-expect-error
    void (() => augment.cutout({ size: 4, fill: 0 }));
    // @ts-expect-error
    expectTypeOf(augment.cutout).toBeCallableWith({ fillValue: 0 });
    // @ts-expect-error
    expectTypeOf(augment.cutout).toBeCallableWith();
    // @ts-expect-error
    expectTypeOf(augment.cutout).toBeCallableWith('16');
  });
  test('combinators take plugins first', () => {
    const plugin = augment.mixup(0.2);
    void (() => augment.oneOf(plugin, [plugin, null]));
    // @ts-expect-error
    void (() => augment.oneOf(plugin, 0.5));
    expectTypeOf(augment.randomApply).parameters.toEqualTypeOf<[plugin: TrainingPlugin, probability: number]>();
    expectTypeOf(augment.fromEpoch).parameters.toEqualTypeOf<[plugin: TrainingPlugin, epochs: number]>();
    expectTypeOf(augment.untilEpoch).parameters.toEqualTypeOf<[plugin: TrainingPlugin, epochs: number]>();
    expectTypeOf<ReturnType<typeof augment.oneOf>>().toEqualTypeOf<TrainingPlugin>();
  });
});
