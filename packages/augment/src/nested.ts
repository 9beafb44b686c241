/** Plugins within a plugin that act on batches alone, each with random streams of its own. */
import {
  type Batch,
  type Json,
  type Moment,
  messages,
  PluginError,
  type SetupContext,
  type TrainingPlugin,
  withKey,
} from '@keepprob/core';

type Change = (batch: Batch, at: Moment) => Batch;

export interface Nested {
  /** Of the plugin around them, which keeps the default stream for itself. */
  readonly streams: readonly string[];
  readonly config: Json;
  /** Their `batch` hooks. */
  setup(context: SetupContext): Change[];
}

/** @throws PluginError at setup for a plugin with another hook than `batch`: what would half of it mean? */
export function nested(owner: string, plugins: readonly TrainingPlugin[]): Nested {
  const stream = (i: number, name = ''): string => `${i}:${name}`;
  return {
    streams: plugins.flatMap(({ streams = [] }, i) => ['', ...streams].map(name => stream(i, name))),
    config: plugins.map(({ name, config }) => ({ name, config })),
    setup: context =>
      plugins.map((plugin, i): Change => {
        const hooks = plugin.setup(context);
        const { batch } = hooks;
        const other = Object.entries(hooks).find(([hook, f]) => hook !== 'batch' && f !== undefined);
        if (!batch || other) {
          hooks.dispose?.();
          throw new PluginError(messages.batchOnly(owner, plugin.name, other?.[0]));
        }
        return (given, at) =>
          batch(
            given,
            withKey(at, name => at.key(stream(i, name))),
          );
      }),
  };
}
