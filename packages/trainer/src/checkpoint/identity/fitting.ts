import type { Json } from '@keepprob/core';
import type { Checkpoint, Identity } from '../parts.ts';
import { OPTIMIZER, PLUGINS } from '../whole.ts';

type Named = Readonly<Record<string, Json>>;
const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
/** `{ Adam: options }` → Adam and its options. */
function partsOf(optimizer: Json): [name: string, options: Named] {
  const [name = '', options = {}] = Object.entries(optimizer as Named)[0] ?? [];
  return [name, options as Named];
}
const namesOf = (plugins: Json): string[] => (plugins as readonly Named[]).flatMap(plugin => Object.keys(plugin));

/**
 * What of a checkpoint a run takes that is not the same: weights of the same path, shape and dtype; their slots, where the optimizer is of the same class; what plugins
 * remember, where their names and all weights are as they were; the sums of the epoch in progress, where the same is measured. The learning rate is the checkpoint's, unless the optimizer has another one now than it was made with then.
 */
export function fitting({ manifest, tensors }: Checkpoint, run: Identity): Checkpoint {
  const [before, now] = [partsOf(manifest.optimizer), partsOf(run.optimizer)];
  const slots = before[0] === now[0];
  const plugins = equal(namesOf(manifest.plugins), namesOf(run.plugins)) && equal(manifest.weights, run.weights);
  const isSame = (path: string): boolean => manifest.weights[path] === run.weights[path];
  const fits = (name: string): boolean => {
    if (name.startsWith(PLUGINS)) return plugins;
    if (!name.startsWith(OPTIMIZER)) return isSame(name);
    // `field/path`, or a field that is one variable
    const path = name.slice(OPTIMIZER.length).split('/').slice(1).join('/');
    return slots && (path === '' || isSame(path));
  };
  const rate = equal(before[1].learningRate, now[1].learningRate) ? {} : { learningRate: now[1].learningRate as Json };
  return {
    manifest: {
      ...manifest,
      // what other plugins had had enough of goes on
      stopped: equal(manifest.plugins, run.plugins) ? manifest.stopped : null,
      averages: equal(manifest.objective, run.objective) ? manifest.averages : null,
      optimizerValues: slots ? { ...(manifest.optimizerValues as Named), ...rate } : null,
      pluginValues: plugins ? manifest.pluginValues : null,
    },
    tensors: Object.fromEntries(Object.entries(tensors).filter(([name]) => fits(name))),
  };
}
