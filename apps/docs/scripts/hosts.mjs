/** Where a technique runs: what its hooks ask of the host. */
import * as tf from '@tensorflow/tfjs';

const FIT = '`fit` of [`@keepprob/trainer`](/guides/trainer)';
const STOCK = 'stock [`model.fit`](/guides/stock-fit) with `attach`';
const LOOP = 'a loop of your own with [`trainingLoop`](/guides/loops)';

/** The hooks of a plugin that is made with the options to begin with. */
function hooksOf(entry) {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  return entry.make(entry.options, { model, of: entry.of() }).setup({ host: 'fit', site: 65_536 });
}

/** In words, from the hooks. */
export function hostsOf(entry) {
  if (entry.kind === 'layer')
    return `In ${FIT}, in ${STOCK}, in ${LOOP}, and in any other program that trains a model of layers.`;
  if (entry.kind === 'schedule') return 'Wherever an option takes a schedule.';
  const hooks = hooksOf(entry);
  if (hooks.step || hooks.loss)
    return `In ${FIT} only, because it acts on the step itself, which stock \`model.fit\` does not expose.`;
  if (hooks.evaluate && !('evaluate' in entry.definition.options)) return `In ${FIT} and in ${LOOP}.`;
  const more = [
    hooks.evaluate && 'set `evaluate: false`, since stock fit has no place to swap weights for its validation',
    hooks.batch && 'pass your data through `reg.dataset(…)`',
    hooks.epochEnd && 'pass `callbacks: reg.callback`',
  ].filter(Boolean);
  return `In ${FIT}, in ${LOOP}, and in ${STOCK}${more.length ? `: there, ${more.join(' and ')}` : ''}.`;
}
