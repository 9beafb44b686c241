import {
  API_VERSION,
  type Hooks,
  type Plugins,
  type SetupContext,
  type TrainingPlugin,
  type Weight,
} from '../contract.ts';
import { PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { fn } from '../options/option.ts';
import { checkArgument } from '../options/options.ts';
import { withKey } from '../random/site.ts';
import { combine, type Member } from './combine.ts';
import { flatten, isPlugin } from './plugin.ts';

/**
 * Combines several plugins into one. They act in the order of the list, and each draws from its own random streams. A chain is itself a plugin.
 * @example
 * const recipe = chain(l2(1e-4), clipNorm(1), maxNorm(3));
 * attach(model, tf.train.adam(1e-3), recipe);
 * @throws PluginError for an entry that is not a plugin
 */
export function chain(...plugins: readonly Plugins[]): TrainingPlugin {
  const members = flatten(plugins);
  const streams = members.flatMap((plugin, i) => ['', ...(plugin.streams ?? [])].map(stream => `${i}:${stream}`));
  return Object.freeze<TrainingPlugin>({
    name: `chain(${members.map(plugin => plugin.name).join(', ')})`,
    apiVersion: API_VERSION,
    config: members.map(({ name, config }) => ({ name, config })),
    streams,
    setup: (context: SetupContext): Hooks =>
      combine(
        members.map((plugin, i): Member => {
          const stream = (name = '') => `${i}:${name}`;
          const site = context.site + 1 + streams.indexOf(stream());
          return {
            name: plugin.name,
            hooks: plugin.setup({ ...context, site }),
            moment: at => withKey(at, name => at.key(stream(name))),
          };
        }),
      ),
  });
}

/**
 * Restricts a plugin to some weights: its hooks see only those that `where` picks.
 * @example
 * attach(model, tf.train.adam(1e-3), masked(clipNorm(1), weight => weight.layer !== 'output'));
 * @throws PluginError if `plugin` is not a plugin, OptionError if `where` is not a function
 */
export function masked(plugin: TrainingPlugin, where: (weight: Weight) => boolean): TrainingPlugin {
  if (!isPlugin(plugin)) throw new PluginError(messages.notAPlugin(plugin));
  checkArgument('masked', 'where', fn<(weight: Weight) => boolean>(), where);
  return Object.freeze<TrainingPlugin>({
    ...plugin,
    name: `masked(${plugin.name})`,
    config: { plugin: plugin.config, where: { function: where.name || 'anonymous' } },
    setup(context: SetupContext): Hooks {
      const hooks = plugin.setup(context);
      const picked = (weights: readonly Weight[]): readonly Weight[] => weights.filter(where);
      return {
        ...hooks,
        ...(hooks.step && { step: (inner, batch, w, at) => hooks.step!(inner, batch, picked(w), at) }),
        ...(hooks.penalty && { penalty: (w, at) => hooks.penalty!(picked(w), at) }),
        ...(hooks.l2 && { l2: (w, at) => hooks.l2!(picked(w), at) }),
        ...(hooks.weightDecay && { weightDecay: (w, at) => hooks.weightDecay!(picked(w), at) }),
        ...(hooks.gradients && {
          gradients(all, weights, at) {
            const mine = picked(weights);
            const changed = hooks.gradients!(new Map(mine.map(w => [w.path, all.get(w.path)!])), mine, at);
            return new Map([...all].map(([path, gradient]) => [path, changed.get(path) ?? gradient]));
          },
        }),
        ...(hooks.beforeUpdate && { beforeUpdate: (w, at) => hooks.beforeUpdate!(picked(w), at) }),
        ...(hooks.afterUpdate && { afterUpdate: (w, at) => hooks.afterUpdate!(picked(w), at) }),
        ...(hooks.evaluate && { evaluate: (w, at) => hooks.evaluate!(picked(w), at) }),
        ...(hooks.epochEnd && {
          epochEnd: (logs, w, at, evaluated) => hooks.epochEnd!(logs, picked(w), at, evaluated),
        }),
        ...(hooks.end && { end: w => hooks.end!(picked(w)) }),
      };
    },
  });
}
