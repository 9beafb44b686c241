import { type Batch, flatten, OptionError, type Plugins, type TrainingPlugin } from '@keepprob/core';
import { uniforms } from '@keepprob/core/random';
import { rowsOf } from '../images.ts';
import { aroundBatches } from './aroundBatches.ts';
import { selectBatches } from './selectRows.ts';

/**
 * Applies one of several plugins to each sample, all equally likely. Each plugin runs on the whole batch; then each row, with its label and sample
 * weight,
 * is taken from one of the results. It is for plugins that act only on batches and give results of the same shapes.
 * @example
 * await fit(model, { x, y }, { ...options, plugins: [oneOf(mixup(0.2), cutmix(1))] });
 * @throws OptionError for no plugins; PluginError for an argument that is not a plugin, and, when training begins, for a plugin with other hooks than
 * `batch`
 */
export const oneOf = Object.assign(chosen, { definition: { name: 'oneOf', options: {} } });

function chosen(...plugins: readonly Plugins[]): TrainingPlugin {
  if (!flatten(plugins).length) throw OptionError.of('oneOf', 'plugins', 'at least one plugin', plugins);
  return aroundBatches({
    name: 'oneOf',
    plugins,
    change: (inner, owner) => (batch, at) => {
      const choice = Array.from(uniforms(at.key(), rowsOf(batch), at.rows[0]), u => Math.floor(u * inner.length));
      const take = (taken: Batch, result: Batch, i: number): Batch => {
        const mine = choice.map(c => c === i);
        return selectBatches(owner, mine, result, taken);
      };
      return inner.map(change => change(batch, at)).reduce(take);
    },
  });
}
