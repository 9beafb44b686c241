/**
 * A law for the compiler: what the types of a package's factories say is what their definitions check. There is nothing to run; a test states
 * it with `expectTypeOf`, and `tsc` proves it.
 */
import type { OptionArguments, OptionsOf, Schedule, TrainingPlugin } from '@keepprob/core';
import type { PluginLayer, WrapperLayer } from '@keepprob/core/layers';

/**
 * What is wrong with the factories that a module exports, in words that begin with the name of the factory; `never` where each of them
 *
 * - takes the options that its definition has specs for, and no others; needs those without a fallback, and no others;
 * - takes a bare value exactly where its definition has a shorthand, of the type of that option;
 * - can be called without options exactly where none is required;
 * - makes a training plugin, or a layer whose options are those of the definition.
 *
 * Other exports are left alone. Leave out what takes more than options, such as a combinator of plugins: `Omit<typeof package, 'oneOf'>`.
 * @example
 * import * as mine from '../src/index.ts';
 * expectTypeOf<FactoryLies<typeof mine>>().toEqualTypeOf<never>();
 */
export type FactoryLies<Module> = {
  [Name in keyof Module & string]: Lie<Module[Name]> extends infer Words extends string ? `${Name} ${Words}` : never;
}[keyof Module & string];

/** What layers have in common, whatever class they extend. */
type Layer = Pick<PluginLayer, 'options' | 'reset'>;
type Wrapper = Layer & Pick<WrapperLayer<object>, 'layer'>;

type Lie<Factory> = Factory extends (...given: infer Arguments) => infer Made
  ? [Made] extends [TrainingPlugin]
    ? PluginLie<Factory, Arguments>
    : [Made] extends [Wrapper]
      ? LayerLie<Factory, Made, Arguments extends readonly [unknown, ...infer Others] ? Others : never>
      : [Made] extends [Layer]
        ? LayerLie<Factory, Made, Arguments>
        : never
  : never;

type SpecsOf<Factory> = Factory extends { readonly definition: { readonly options: infer Specs } } ? Specs : never;
type ShorthandOf<Factory> = Factory extends { readonly definition: { readonly shorthand?: infer Name } } ? Name : never;

/** A value that cannot be taken for an object of options. */
type Bare = number | string | boolean | Schedule | ((...given: never) => unknown);
/** The bare values of the option called `Name`. */
type BareOf<O, Name> = Name extends keyof O ? Extract<O[Name], Bare> : never;
/** The names of the options in a union of objects and bare values. */
type NamesIn<Given> = Given extends Bare | undefined ? never : keyof Given;

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** The words, where `Holds` is false. */
type Unless<Holds, Words extends string> = Holds extends true ? never : Words;

type PluginLie<Factory, Arguments extends readonly unknown[], Specs = SpecsOf<Factory>> = [Specs] extends [never]
  ? 'has no definition'
  :
      | Unless<Same<NamesIn<Arguments[0]>, keyof Specs>, 'takes other options than its definition knows'>
      | Unless<
          Same<Arguments, OptionArguments<OptionsOf<Specs>, BareOf<OptionsOf<Specs>, ShorthandOf<Factory>>>>,
          'takes arguments of other types than its definition checks'
        >;

/** What callers give to a layer may have other names than its checked options, such as `rate`, and has the arguments of every layer. */
type LayerLie<Factory, Made extends Layer, Arguments extends readonly unknown[], Specs = SpecsOf<Factory>> = [
  Specs,
] extends [never]
  ? 'has no definition'
  :
      | Unless<
          [keyof Specs] extends [NamesIn<Arguments[0]>] ? true : false,
          'does not take all that its definition knows'
        >
      | Unless<string extends NamesIn<Arguments[0]> ? false : true, 'takes options of any name'>
      | Unless<Same<Extract<Arguments[0], Bare>, never>, 'takes a bare value, which no layer reads'>
      | Unless<Same<Made['options'], Required<OptionsOf<Specs>>>, 'makes a layer of other options than it checks'>
      | Unless<
          Same<[] extends Arguments ? true : false, Record<never, never> extends Arguments[0] ? true : false>,
          'can be called without options that it needs, or not without those that it does not need'
        >
      | Unless<
          [] extends Arguments ? (Record<never, never> extends OptionsOf<Specs> ? true : false) : true,
          'can be called without options that its definition requires'
        >;
