import { OptionError, option, type TrainingPlugin } from '@keepprob/core';
import { uniforms } from '@keepprob/core/random';
import { rowsOf } from '../images.ts';
import { aroundBatches } from './aroundBatches.ts';
import { selectBatches } from './selectRows.ts';

const share = option.number({ min: 0, max: 1 });

/**
 * Applies the plugin to each sample with the given probability. The plugin runs on the whole batch; then each row, with its label and sample weight, is
 * taken from
 * its result or left unchanged. It is for plugins that act only on batches and keep shapes.
 * @example
 * await fit(model, { x, y }, { ...options, plugins: [randomApply(colorJitter({ brightness: 0.4 }), 0.8)] });
 * @throws OptionError for a probability outside [0, 1]; PluginError for an argument that is not a plugin, and, when training begins, for a plugin with
 * other hooks than `batch`
 */
export const randomApply = Object.assign(applied, {
  definition: { name: 'randomApply', options: { probability: share } },
});

function applied(plugin: TrainingPlugin, probability: number): TrainingPlugin {
  if (!share.accepts(probability)) throw OptionError.of('randomApply', 'probability', share.expected, probability);
  return aroundBatches({
    name: 'randomApply',
    plugins: [plugin],
    options: { probability },
    change: (inner, owner) => (batch, at) => {
      const u = uniforms(at.key(), rowsOf(batch), at.rows[0]);
      const chosen = Array.from(u, value => value < probability);
      const changed = inner.reduce((so, change) => change(so, at), batch);
      return selectBatches(owner, chosen, changed, batch);
    },
  });
}
