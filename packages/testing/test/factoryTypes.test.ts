import { definePlugin, option, type TrainingPlugin, type Varying } from '@keepprob/core';
import { defineLayer, defineReparametrization, type PluginLayer } from '@keepprob/core/layers';
import { describe, expectTypeOf, test } from 'vitest';
import type { FactoryLies } from '../src/index.ts';

interface Options {
  readonly strength: Varying;
  readonly size?: number;
}
const options = { strength: option.varying(), size: option.number({ fallback: 1 }) };
const plugin = definePlugin<Options, 'strength'>({ name: 'p', shorthand: 'strength', options, setup: () => ({}) });
const plain = definePlugin<Options>({ name: 'p', options, setup: () => ({}) });
const layer = defineLayer<{ size?: number }>({
  name: 'l',
  className: 'L',
  options: { size: option.number({ fallback: 1 }) },
  forward: x => x,
});
const wrapper = defineReparametrization<{ size: number }>({
  name: 'w',
  className: 'W',
  options: { size: option.number() },
  kernel: w => w,
});

/** A factory with other arguments than those of its definition. */
type As<Factory extends { definition: unknown }, Call> = Call & Pick<Factory, 'definition'>;

describe('FactoryLies', () => {
  test('sound factories tell none, and other exports are left alone', () => {
    expectTypeOf<
      FactoryLies<{
        plugin: typeof plugin;
        plain: typeof plain;
        layer: typeof layer;
        wrapper: typeof wrapper;
        pure: (x: number) => number;
        limit: 3;
      }>
    >().toEqualTypeOf<never>();
  });

  test('a bare value that the definition does not read', () => {
    type Call = (options?: Options | number) => TrainingPlugin;
    expectTypeOf<
      FactoryLies<{ lies: As<typeof plain, Call> }>
    >().toEqualTypeOf<'lies takes arguments of other types than its definition checks'>();
  });
  test('a shorthand that the type refuses', () => {
    type Call = (options: Options) => TrainingPlugin;
    expectTypeOf<
      FactoryLies<{ lies: As<typeof plugin, Call> }>
    >().toEqualTypeOf<'lies takes arguments of other types than its definition checks'>();
  });
  test('options that may be left out by the type, but not by the definition', () => {
    type Call = (options?: Options) => TrainingPlugin;
    expectTypeOf<
      FactoryLies<{ lies: As<typeof plain, Call> }>
    >().toEqualTypeOf<'lies takes arguments of other types than its definition checks'>();
  });
  test('an option more, or of any name', () => {
    type More = (options: Options & { readonly extra?: number }) => TrainingPlugin;
    type Any = (options: Options & Readonly<Record<string, unknown>>) => TrainingPlugin;
    expectTypeOf<
      FactoryLies<{ more: As<typeof plain, More> }>
    >().toEqualTypeOf<'more takes other options than its definition knows'>();
    expectTypeOf<
      FactoryLies<{ any: As<typeof plain, Any> }>
    >().toEqualTypeOf<'any takes other options than its definition knows'>();
  });
  test('a factory without a definition', () => {
    expectTypeOf<
      FactoryLies<{ plugin: (options: Options) => TrainingPlugin; layer: (x: object) => PluginLayer }>
    >().toEqualTypeOf<'plugin has no definition' | 'layer has no definition'>();
  });
  test('layers', () => {
    type Made = ReturnType<typeof layer>;
    type Lies<Call> = FactoryLies<{ lies: As<typeof layer, Call> }>;
    expectTypeOf<
      Lies<(options?: { readonly name?: string }) => Made>
    >().toEqualTypeOf<'lies does not take all that its definition knows'>();
    expectTypeOf<
      Lies<(options?: { readonly size?: number } | number) => Made>
    >().toEqualTypeOf<'lies takes a bare value, which no layer reads'>();
    expectTypeOf<
      Lies<(options: { readonly size?: number }) => Made>
    >().toEqualTypeOf<'lies can be called without options that it needs, or not without those that it does not need'>();
    expectTypeOf<
      Lies<(options?: { readonly size?: number }) => PluginLayer<{ size?: string }>>
    >().toEqualTypeOf<'lies makes a layer of other options than it checks'>();
    type Wrapped = (layer: Parameters<typeof wrapper>[0], options?: { size?: number }) => ReturnType<typeof wrapper>;
    expectTypeOf<
      FactoryLies<{ lies: As<typeof wrapper, Wrapped> }>
    >().toEqualTypeOf<'lies can be called without options that its definition requires'>();
  });
});
