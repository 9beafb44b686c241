import type { Member } from './combine.ts';
import type { Hooks, Host, Moment, TrainingPlugin } from './contract.ts';
import { PluginError } from './errors.ts';
import { messages } from './messages.ts';
import { trainingSite } from './site.ts';

/** Sets up every plugin of a list, or none: when one of them cannot be, those before it are disposed again. */
export function setUp(
  list: readonly TrainingPlugin[],
  host: Host,
  moments: (plugin: TrainingPlugin, site: number) => (at: Moment) => Moment,
): Member[] {
  const members: Member[] = [];
  try {
    for (const [position, plugin] of list.entries()) {
      const site = trainingSite(position);
      let hooks: Hooks;
      try {
        hooks = plugin.setup({ host, site });
      } catch (error) {
        throw PluginError.from(error, plugin.name, 'setup');
      }
      members.push({ name: plugin.name, hooks, moment: moments(plugin, site) });
      if (host === 'stock' && hooks.evaluate) {
        throw new PluginError(messages.hookUnsupported(plugin.name, 'evaluate'), {
          plugin: plugin.name,
          hook: 'evaluate',
        });
      }
    }
    return members;
  } catch (error) {
    for (const { hooks } of members) hooks.dispose?.();
    throw error;
  }
}
