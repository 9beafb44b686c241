import { flatten, OptionError, option, type TrainingPlugin, uniforms } from '@keepprob/core';
import { rowsOf } from './images.ts';
import { nested } from './nested.ts';
import { selectBatches } from './selectRows.ts';

const probabilityOption = option.number({ min: 0, max: 1 });

/**
 * The plugin on a share of the samples: each one is changed with the given probability. It runs on the whole batch; then each row is taken from
 * its result or left as it was, labels and sample weights included.
 *
 * `randomApply(colorJitter({ brightness: 0.4 }), 0.8)`. For plugins that act on batches alone and leave shapes as they are.
 */
export function randomApply(plugin: TrainingPlugin, probability: number): TrainingPlugin {
  if (!probabilityOption.accepts(probability)) {
    throw OptionError.of('randomApply', 'probability', probabilityOption.expected, probability);
  }
  const [one] = flatten([plugin]) as [TrainingPlugin];
  const inner = nested('randomApply', [one]);
  const name = `randomApply(${one.name})`;
  return Object.freeze<TrainingPlugin>({
    name,
    apiVersion: 1,
    config: { plugins: inner.config, probability },
    streams: inner.streams,
    setup(context) {
      const [change] = inner.setup(context) as [ReturnType<typeof inner.setup>[number]];
      return {
        batch(batch, at) {
          const u = uniforms(at.key(), rowsOf(batch), at.rows[0]);
          const chosen = Array.from(u, value => value < probability);
          return selectBatches(name, chosen, change(batch, at), batch);
        },
      };
    },
  });
}
