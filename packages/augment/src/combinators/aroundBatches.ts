import {
  API_VERSION,
  type Batch,
  flatten,
  type Json,
  type Moment,
  PluginError,
  type Plugins,
  type SetupContext,
  type TrainingPlugin,
} from '@keepprob/core';
import { withKey } from '@keepprob/core/driver';
import * as messages from '../messages.ts';

export type Change = (batch: Batch, at: Moment) => Batch;

/** The `batch` hook of a plugin that has no other: what would half of another mean? */
function batchHook(owner: string, plugin: TrainingPlugin, context: SetupContext): Change {
  const hooks = plugin.setup(context);
  const { batch } = hooks;
  const other = Object.entries(hooks).find(([hook, f]) => hook !== 'batch' && f !== undefined);
  if (batch && !other) return batch;
  hooks.dispose?.();
  throw new PluginError(messages.batchOnly(owner, plugin.name, other?.[0]));
}

export interface Around {
  readonly name: string;
  readonly plugins: readonly Plugins[];
  /** Of the plugin itself, for its config. */
  readonly options?: { readonly [option: string]: Json };
  /** Its `batch` hook, from those of the plugins in it, in order. `owner` is its name with theirs. */
  change(inner: readonly Change[], owner: string): Change;
}

/**
 * A plugin around others that act on batches alone. It draws from the default stream, they from streams of their own.
 * @throws PluginError at setup for a plugin with another hook than `batch`
 */
export function aroundBatches({ name, plugins, options = {}, change }: Around): TrainingPlugin {
  const members = flatten(plugins);
  const owner = `${name}(${members.map(plugin => plugin.name).join(', ')})`;
  const stream = (i: number, its = ''): string => `${i}:${its}`;
  return Object.freeze<TrainingPlugin>({
    name: owner,
    apiVersion: API_VERSION,
    config: { plugins: members.map(({ name, config }) => ({ name, config })), ...options },
    streams: members.flatMap(({ streams = [] }, i) => ['', ...streams].map(its => stream(i, its))),
    setup(context) {
      const inner = members.map((plugin, i): Change => {
        const batch = batchHook(name, plugin, context);
        return (given, at) =>
          batch(
            given,
            withKey(at, its => at.key(stream(i, its))),
          );
      });
      return { batch: change(inner, owner) };
    },
  });
}
