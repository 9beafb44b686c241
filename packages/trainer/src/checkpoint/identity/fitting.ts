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
 * The parts of a checkpoint that fit a different run: weights of the same path, shape and dtype; their optimizer slots, if the optimizer has the same class; the
 * state of plugins, if their names and all weights are unchanged; the sums of the epoch in progress, if losses and metrics are unchanged. The learning rate is the
 * checkpoint's, unless the optimizer is now created with a different one.
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
      // a run that was stopped by other plugins continues
      stopped: equal(manifest.plugins, run.plugins) ? manifest.stopped : null,
      averages: equal(manifest.objective, run.objective) ? manifest.averages : null,
      optimizerValues: slots ? { ...(manifest.optimizerValues as Named), ...rate } : null,
      pluginValues: plugins ? manifest.pluginValues : null,
    },
    tensors: Object.fromEntries(Object.entries(tensors).filter(([name]) => fits(name))),
  };
}
