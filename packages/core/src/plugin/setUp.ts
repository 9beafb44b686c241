import type { Hooks, Host, Moment, TrainingPlugin } from '../contract.ts';
import { PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { trainingSite } from '../random/site.ts';
import { disposeAll, type Member } from './combine.ts';

/**
 * The hooks that stock fit cannot call.
 * @example
 * FIT_ONLY.includes('step'); // true
 */
export const FIT_ONLY = ['step', 'loss', 'evaluate'] as const satisfies readonly (keyof Hooks)[];

/** The hooks that each host does not support. */
const NO_PLACE: Readonly<Record<Host, readonly (keyof Hooks)[]>> = { fit: [], stock: FIT_ONLY, loop: ['step', 'loss'] };

/** Sets up every plugin of a list, or none: if one of them fails, those before it are disposed again. */
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
      const hook = NO_PLACE[host].find(name => hooks[name]);
      if (hook) throw new PluginError(messages.hookUnsupported(plugin.name, hook, host), { plugin: plugin.name, hook });
    }
    return members;
  } catch (error) {
    try {
      disposeAll(members);
    } catch {
      // the error of the setup is more useful
    }
    throw error;
  }
}
