import {
  API_VERSION,
  type Hooks,
  type Plugins,
  type SetupContext,
  type TrainingPlugin,
  type Weight,
} from '../contract.ts';
import { withKey } from '../random/site.ts';
import { combine, type Member } from './combine.ts';
import { flatten } from './plugin.ts';

/**
 * Several plugins as one; the order of the list is the order in which they act. Closed: a chain is a plugin again.
 * Members draw from streams of their own, one each, in order.
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

/** The plugin, on the weights that `where` picks: at the doors that see weights it sees only those. */
export function masked(plugin: TrainingPlugin, where: (weight: Weight) => boolean): TrainingPlugin {
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
