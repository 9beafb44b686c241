/**
 * A law for the compiler: the types of a package's factories must agree with the checks of their definitions. There is nothing to run; a test states it with
 * `expectTypeOf`, and `tsc` checks it.
 */
import type { OptionArguments, OptionsOf, Schedule, TrainingPlugin } from '@keepprob/core';
import type { PluginLayer, WrapperLayer } from '@keepprob/core/layers';

/**
 * The errors in the types of the factories that a module exports, as strings that begin with the name of the factory; `never` if each factory
 *
 * - takes the options for which its definition has specs, and no others; requires those without a fallback, and no others;
 * - takes a bare value if and only if its definition has a shorthand, with the type of that option;
 * - can be called without options if and only if none is required;
 * - makes a training plugin, or a layer whose options are those of the definition.
 *
 * Other exports are ignored. Leave out functions that take more than options, such as a combinator of plugins: `Omit<typeof package, 'oneOf'>`.
 * @example
 * import * as mine from '../src/index.ts';
 * expectTypeOf<FactoryLies<typeof mine>>().toEqualTypeOf<never>();
 */
export type FactoryLies<Module> = {
  [Name in keyof Module & string]: Lie<Module[Name]> extends infer Words extends string ? `${Name} ${Words}` : never;
}[keyof Module & string];

/** The part that all layers have in common, whatever class they extend. */
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

/** A value that cannot be confused with an object of options. */
type Bare = number | string | boolean | Schedule | ((...given: never) => unknown);
/** The bare values of the option called `Name`. */
type BareOf<O, Name> = Name extends keyof O ? Extract<O[Name], Bare> : never;
/** The names of the options in a union of objects and bare values. */
type NamesIn<Given> = Given extends Bare | undefined ? never : keyof Given;

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** The words, if `Holds` is false. */
type Unless<Holds, Words extends string> = Holds extends true ? never : Words;

type PluginLie<Factory, Arguments extends readonly unknown[], Specs = SpecsOf<Factory>> = [Specs] extends [never]
  ? 'has no definition'
  :
      | Unless<Same<NamesIn<Arguments[0]>, keyof Specs>, 'takes other options than its definition knows'>
      | Unless<
          Same<Arguments, OptionArguments<OptionsOf<Specs>, BareOf<OptionsOf<Specs>, ShorthandOf<Factory>>>>,
          'takes arguments of other types than its definition checks'
        >;

/** The options that callers pass to a layer may have other names than its checked options, such as `rate`, and include the arguments of every layer. */
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
