import {
  API_VERSION,
  type Hooks,
  type Moment,
  type Plugins,
  type SetupContext,
  type TrainingPlugin,
} from '../contract.ts';
import { thisCore } from '../copies.ts';
import { checkDefinition } from '../options/definition.ts';
import { PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import {
  type AnyOptionSpecs,
  checkOptions,
  type OptionArguments,
  type OptionSpecs,
  type OptionsOf,
  toConfig,
} from '../options/options.ts';
import { isSchedule, type Schedule } from '../options/schedule.ts';

/** The argument of `definePlugin`. */
export interface PluginDefinition<O extends object, Specs = OptionSpecs<O>, S extends keyof O = keyof O> {
  /** The name of the factory, as errors show it. */
  readonly name: string;
  /** What each option takes: optional ones have a fallback, required ones have none. */
  readonly options: Specs;
  /** The option that a bare value sets: `l2(1e-4)` is `l2({ strength: 1e-4 })`. */
  readonly shorthand?: S;
  /** Names of random streams in addition to the default one. */
  readonly streams?: readonly string[];
  /** Makes the hooks, once per attachment. State belongs here, never in the plugin. */
  setup(options: Required<O>, context: SetupContext): Hooks;
}

/** Requires the shorthand in a definition to match the one in the type. */
type Shorthand<S> = [S] extends [never] ? { readonly shorthand?: never } : { readonly shorthand: S };

/** Values that can be distinguished from an object of options. */
export type Bare = number | string | boolean | Schedule | ((at: Moment) => number);

/** Takes the options, or a bare value for the one called `S`; no argument is needed if no option is required. */
export interface PluginFactory<O extends object, S extends keyof O = never> {
  /** Makes the plugin. @throws OptionError for invalid options */
  (...options: OptionArguments<O, Extract<O[S], Bare>>): TrainingPlugin;
  /** The definition of the factory. */
  readonly definition: PluginDefinition<O, OptionSpecs<O>, S>;
}

/**
 * Makes a factory of training plugins from a name, options and hooks. To let a bare value set an option, name that option twice, in the type and in the
 * definition: `definePlugin<L2Options, 'strength'>({ shorthand: 'strength', … })`.
 * @example
 * const halved = definePlugin({
 *   name: 'halved',
 *   shorthand: 'factor',
 *   options: { factor: option.number({ min: 0, fallback: 0.5 }) },
 *   setup: ({ factor }) => ({ gradients: g => new Map([...g].map(([path, t]) => [path, tf.mul(t, factor)])) }),
 * });
 * attach(model, tf.train.sgd(0.1), halved(0.25));
 * @throws OptionError for a definition without a name, options or `setup`
 */
export function definePlugin<Specs extends AnyOptionSpecs, S extends keyof OptionsOf<Specs> = never>(
  definition: PluginDefinition<OptionsOf<Specs>, Specs, S>,
): PluginFactory<OptionsOf<Specs>, S>;
/** The same for an explicit type of options. */
export function definePlugin<O extends object, S extends keyof O = never>(
  definition: PluginDefinition<O, OptionSpecs<O>, S> & Shorthand<S>,
): PluginFactory<O, S>;
export function definePlugin<O extends object, S extends keyof O>(
  definition: PluginDefinition<O, OptionSpecs<O>, S>,
): PluginFactory<O, S> {
  checkDefinition('definePlugin', definition, { names: ['name'], functions: ['setup'] });
  const { name, options: specs, shorthand, streams = [], setup } = definition;
  const factory = (given: unknown = {}): TrainingPlugin => {
    const bare = shorthand !== undefined && (typeof given !== 'object' || isSchedule(given));
    const options = checkOptions<O>(name, specs, bare ? { [shorthand]: given } : given);
    return Object.freeze<TrainingPlugin>({
      name,
      apiVersion: API_VERSION,
      config: Object.freeze(toConfig(options)),
      streams,
      setup: context => setup(options, context),
    });
  };
  return Object.assign(factory, { definition });
}

/**
 * The plugins of a list, in order: nested lists are flattened, and falsy entries skipped.
 * @example
 * flatten([l2(1e-4), false, [clipNorm(1), null]]).map(({ name }) => name); // ['l2', 'clipNorm']
 * @throws PluginError for anything else that is not a plugin, and for a list that contains itself
 */
export const flatten = (plugins: readonly Plugins[]): TrainingPlugin[] => flattened(plugins, []);

function flattened(entry: Plugins, around: readonly Plugins[]): TrainingPlugin[] {
  if (!entry) return [];
  if (around.includes(entry)) throw new PluginError(messages.notAPlugin(entry));
  if (isList(entry)) return entry.flatMap(inner => flattened(inner, [...around, entry]));
  if (!isPlugin(entry)) throw new PluginError(messages.notAPlugin(entry));
  const { name, apiVersion } = entry;
  if (apiVersion !== API_VERSION)
    throw new PluginError(messages.apiVersion(name, apiVersion, thisCore), { plugin: name, hook: 'setup' });
  return [entry];
}

const isList = (entry: unknown): entry is readonly Plugins[] => Array.isArray(entry);

export function isPlugin(entry: unknown): entry is TrainingPlugin {
  const { name, setup } = Object(entry) as Partial<TrainingPlugin>;
  return typeof entry === 'object' && typeof name === 'string' && typeof setup === 'function';
}
