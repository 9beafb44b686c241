import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  definePlugin,
  type Moment,
  OptionError,
  option,
  type Schedule,
  type TrainingPlugin,
  type Varying,
} from '../../src/index.ts';
import { linear } from '../../src/schedules.ts';

interface Options {
  /** What a bare value stands for. */
  readonly rate: Varying | Readonly<Record<string, number>>;
  readonly size?: number;
}
const options = { rate: option.custom<Options['rate']>('a rate', v => v !== 0), size: option.number({ fallback: 8 }) };
const withShorthand = definePlugin<Options, 'rate'>({ name: 'p', shorthand: 'rate', options, setup: () => ({}) });
const without = definePlugin<Options>({ name: 'p', options, setup: () => ({}) });

describe('a bare value stands for the option called `shorthand`', () => {
  const falling = linear({ from: 1, to: 0, steps: 10 });
  test.each<[string, Varying]>([
    ['a number', 0.5],
    ['a schedule', falling],
    ['a function', (at: Moment) => at.step],
  ])('%s', (_, rate) => {
    expect(withShorthand(rate).config).toEqual(withShorthand({ rate }).config);
  });
  test('and is checked as that option', () => {
    expect(() => withShorthand(0)).toThrow(/option `rate`. Expected a rate. Received: 0/);
  });
  test('without a shorthand it is refused', () => {
    // @ts-expect-error
    expect(() => without(0.5)).toThrow(OptionError);
    // @ts-expect-error
    expect(() => without(falling)).toThrow(OptionError);
  });
});

describe('types of definePlugin', () => {
  const nothing = { setup: () => ({}) };
  test('with a shorthand: the options, or what tells itself from them', () => {
    expectTypeOf(withShorthand).parameters.toEqualTypeOf<
      [options: Options | number | Schedule | ((at: Moment) => number)]
    >();
    expectTypeOf(withShorthand).returns.toEqualTypeOf<TrainingPlugin>();
  });
  test('without one: the options alone', () => {
    expectTypeOf(without).parameters.toEqualTypeOf<[options: Options]>();
  });
  test('options may be left out where none is required', () => {
    const size = option.number({ fallback: 1 });
    const all = definePlugin<{ size?: number }, 'size'>({
      name: 'p',
      shorthand: 'size',
      options: { size },
      ...nothing,
    });
    expectTypeOf(all).parameters.toEqualTypeOf<[options?: { size?: number } | number]>();
    const none = definePlugin({ name: 'p', options: {}, ...nothing });
    expectTypeOf(none).parameters.toEqualTypeOf<[]>();
  });
  test('the options follow from their specs where they are not named', () => {
    const inferred = definePlugin({
      name: 'p',
      shorthand: 'rate',
      options: { rate: option.varying(), size: option.number({ fallback: 1 }) },
      setup(given) {
        expectTypeOf(given.rate).toEqualTypeOf<Varying>();
        expectTypeOf(given.size).toEqualTypeOf<number>();
        return {};
      },
    });
    expectTypeOf(inferred).toBeCallableWith(1);
    expectTypeOf(inferred).toBeCallableWith({ rate: 1 });
    // @ts-expect-error: `rate` is required
    expectTypeOf(inferred).toBeCallableWith({ size: 1 });
  });
  test('a shorthand is named for the type and in the definition', () => {
    // @ts-expect-error: the definition has none
    definePlugin<Options, 'rate'>({ name: 'p', options, ...nothing });
    // @ts-expect-error: the type has none
    definePlugin<Options>({ name: 'p', shorthand: 'rate', options, ...nothing });
    // @ts-expect-error: another one
    definePlugin<Options, 'rate'>({ name: 'p', shorthand: 'size', options, ...nothing });
  });
  test('exactly the options with a fallback may be left out', () => {
    const name = 'p';
    // @ts-expect-error: optional, but without a fallback
    definePlugin<{ size?: number }>({ name, options: { size: option.number() }, ...nothing });
    // @ts-expect-error: required, but with a fallback
    definePlugin<{ size: number }>({ name, options: { size: option.number({ fallback: 1 }) }, ...nothing });
    // @ts-expect-error: null is not an alternative
    definePlugin<{ size?: number }>({ name, options: { size: option.orNull(option.number()) }, ...nothing });
    definePlugin<{ size?: number | null }>({ name, options: { size: option.orNull(option.number()) }, ...nothing });
    definePlugin<{ size?: number | undefined }>({
      name,
      options: { size: option.optional(option.number()) },
      ...nothing,
    });
  });
});
