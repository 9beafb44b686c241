import type { Hooks, Plugins, SetupContext, TrainingPlugin } from '../contract.ts';
import { PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { checkOptions, type OptionSpecs, toConfig } from '../options/options.ts';

export interface PluginDefinition<O extends object> {
  readonly name: string;
  /** What each option takes; every option has a fallback or is required. */
  readonly options: OptionSpecs<O>;
  /** The option that a bare number stands for: `l2(1e-4)` is `l2({ strength: 1e-4 })`. */
  readonly shorthand?: keyof O & string;
  /** Random streams beside the default one. */
  readonly streams?: readonly string[];
  /** Makes the hooks, once per attachment. State belongs in here, never in the plugin. */
  setup(options: Required<O>, context: SetupContext): Hooks;
}

/**
 * A factory of training plugins from a name, its options and its hooks.
 * @example
 * const gradientNoise = definePlugin<{ scale?: number }>({
 *   name: 'gradientNoise',
 *   options: { scale: option.number({ min: 0, fallback: 1e-3 }) },
 *   setup: ({ scale }) => ({ gradients: g => new Map([...g].map(([path, t]) => [path, perturb(t, scale)])) }),
 * });
 */
export function definePlugin<O extends object>(
  definition: PluginDefinition<O>,
): ((options?: O | number) => TrainingPlugin) & { readonly definition: PluginDefinition<O> } {
  const { name, options: specs, shorthand, streams = [], setup } = definition;
  const factory = (given: O | number = {} as O): TrainingPlugin => {
    const options = checkOptions<O>(
      name,
      specs,
      typeof given !== 'object' && shorthand !== undefined ? { [shorthand]: given } : given,
    );
    return Object.freeze<TrainingPlugin>({
      name,
      apiVersion: 1,
      config: Object.freeze(toConfig(options)),
      streams,
      setup: context => setup(options, context),
    });
  };
  return Object.assign(factory, { definition });
}

/** The plugins of a list in order: arrays opened, falsy entries skipped, each one checked to be a plugin. */
export function flatten(plugins: readonly Plugins[]): TrainingPlugin[] {
  return plugins.flatMap(entry => {
    if (!entry) return [];
    if (Array.isArray(entry)) return flatten(entry);
    const plugin = entry as TrainingPlugin;
    if (typeof plugin !== 'object' || typeof plugin.name !== 'string' || typeof plugin.setup !== 'function') {
      throw new PluginError(messages.notAPlugin(entry));
    }
    if (plugin.apiVersion !== 1) {
      throw new PluginError(messages.apiVersion(plugin.name, plugin.apiVersion), {
        plugin: plugin.name,
        hook: 'setup',
      });
    }
    return [plugin];
  });
}
