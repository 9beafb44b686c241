import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import type { TrainingPlugin } from '../contract.ts';
import { type Definition, definitionOf } from '../options/definition.ts';
import { checkOptions } from '../options/options.ts';
import type { Schedule } from '../options/schedule.ts';
import type { Bare } from '../plugin/plugin.ts';
import type {
  LayerBench,
  LayerEntry,
  LayerTraits,
  PluginBench,
  PluginEntry,
  PluginTraits,
  ScheduleEntry,
  Trial,
  Words,
} from './entry.ts';

type Layer = layers.Layer;
type Factory<Arguments extends readonly never[], Made> = (...given: Arguments) => Made;

/** The options of a factory as an object, without the bare value that is a shorthand for one of them. A factory may take no options. */
type Options<Given> = [Exclude<Given, Bare | undefined>] extends [never] ? object : Exclude<Given, Bare | undefined>;

interface PluginWords<F, O> extends Words {
  readonly factory: F;
  /** Initial options. */
  readonly options: O;
  readonly bench: PluginBench;
  readonly trial: Trial<O> & PluginTraits;
}

interface LayerWords<F, O> extends Words {
  readonly factory: F;
  /** Initial options. */
  readonly options: O;
  readonly bench: LayerBench;
  readonly trial: Trial<O> & LayerTraits;
}

function definitionIn(factory: unknown): Definition {
  const definition = definitionOf(factory);
  if (definition) return definition;
  throw new TypeError(
    `${(factory as { name?: string })?.name} carries no definition: give it a name and what its options take.`,
  );
}

const named = (factory: unknown) => {
  const definition = definitionIn(factory);
  return { factory, definition, name: definition.name };
};

/**
 * Makes catalogue entries, typed by the factory that they describe. `name` and the kinds of options come from its definition.
 * @example
 * const entry = define.plugin({
 *   factory: l1, calls: ['l1(λ)'], what: 'makes weights sparse', formula: 'J gains λ Σ|w|', papers: [], cost: 'one pass over the weights',
 *   options: { strength: 1e-4 }, bench: { net: 'mlp', why: 'a penalty on the tape' }, trial: { options: { strength: 0.1 }, variants: [], bad: [] },
 * });
 * entry.name; // 'l1'
 */
export const define = {
  /** A training plugin made from options alone. */
  plugin: <F extends Factory<[options: never], TrainingPlugin>>({
    factory,
    ...told
  }: PluginWords<F, Options<Parameters<F>[0]>>): PluginEntry => ({
    ...told,
    ...named(factory),
    kind: 'plugin',
    takes: 'options',
    make: options => factory(options as never),
    of: () => [],
  }),

  /** A training plugin made from the model it is for. */
  pluginOfModel: <F extends Factory<[model: never], TrainingPlugin>>({
    factory,
    ...told
  }: PluginWords<F, object>): PluginEntry => ({
    ...told,
    ...named(factory),
    kind: 'plugin',
    takes: 'model',
    make(options, { model }) {
      const { name, options: specs } = definitionIn(factory);
      checkOptions(name, specs, options);
      return factory(model as LayersModel as never);
    },
    of: () => [],
  }),

  /** A training plugin around others: `make` passes the options of a config to its factory, `of` returns the initial inner plugins. */
  combinator: <O extends object>({
    factory,
    make,
    ...told
  }: PluginWords<unknown, O> & {
    make(of: readonly TrainingPlugin[], options: Required<O>): TrainingPlugin;
    of(): readonly TrainingPlugin[];
  }): PluginEntry => ({
    ...told,
    ...named(factory),
    kind: 'plugin',
    takes: 'plugins',
    make(options, { of }) {
      const { name, options: specs } = definitionIn(factory);
      return make(of, checkOptions(name, specs, options) as Required<O>);
    },
  }),

  /** A layer. */
  layer: <F extends Factory<[options: never], Layer>>({
    factory,
    ...told
  }: LayerWords<F, Options<Parameters<F>[0]>>): LayerEntry => ({
    ...told,
    ...named(factory),
    kind: 'layer',
    takes: 'options',
    make: options => factory(options as never),
    around: () => undefined,
  }),

  /** A layer around another one; `around` makes the initial inner layer. */
  wrapper: <F extends Factory<[layer: never, options: never], Layer>>({
    factory,
    ...told
  }: LayerWords<F, Options<Parameters<F>[1]>> & { around(): Layer }): LayerEntry => ({
    ...told,
    ...named(factory),
    kind: 'layer',
    takes: 'layer',
    make: (options, around) => factory(around as never, options as never),
  }),

  /** A schedule: configs give its options by name, its factory checks their values. */
  schedule: <O extends object>({
    definition,
    make,
    ...told
  }: Omit<Words, 'cost'> & {
    readonly factory: unknown;
    readonly definition: Definition;
    make(options: O): Schedule;
    /** Initial options. */
    readonly options: O;
  }): ScheduleEntry => ({
    ...told,
    definition,
    name: definition.name,
    kind: 'schedule',
    make: options => make(checkOptions(definition.name, definition.options, options) as O),
  }),
} as const;
