import { flatten, OptionError, type Plugins, type TrainingPlugin, uniforms } from '@keepprob/core';
import { rowsOf } from './images.ts';
import { nested } from './nested.ts';
import { selectBatches } from './selectRows.ts';

/**
 * One of several plugins for each sample, all equally likely. Each runs on the whole batch; then each row is taken from one of the results, labels
 * and sample weights included.
 *
 * `oneOf(mixup(0.2), cutmix(1))`. For plugins that act on batches alone and leave the same shapes.
 */
export function oneOf(...plugins: readonly Plugins[]): TrainingPlugin {
  const members = flatten(plugins);
  if (!members.length) throw OptionError.of('oneOf', 'plugins', 'at least one plugin', plugins);
  const inner = nested('oneOf', members);
  const name = `oneOf(${members.map(plugin => plugin.name).join(', ')})`;
  return Object.freeze<TrainingPlugin>({
    name,
    apiVersion: 1,
    config: { plugins: inner.config },
    streams: inner.streams,
    setup(context) {
      const changes = inner.setup(context);
      return {
        batch(batch, at) {
          const choice = Array.from(uniforms(at.key(), rowsOf(batch), at.rows[0]), u => Math.floor(u * changes.length));
          return changes
            .map(change => change(batch, at))
            .reduce((chosen, result, i) =>
              selectBatches(
                name,
                choice.map(c => c === i),
                result,
                chosen,
              ),
            );
        },
      };
    },
  });
}
