import type { Entry, LayerEntry } from '@keepprob/core/catalogue';
import type * as tf from '@tensorflow/tfjs';
import { catalogue } from '../../src/catalogue.ts';

const isLayer = (entry: Entry): entry is LayerEntry => entry.kind === 'layer';

/** Every class of the package, with options that differ from the fallbacks; and the shape of an input. */
export const everyClass: Readonly<Record<string, [shape: number[], make: () => tf.layers.Layer]>> = Object.fromEntries(
  catalogue.filter(isLayer).map(({ make, around, options, trial }) => {
    const made = (): tf.layers.Layer => make(trial.options ?? options, around());
    return [made().getClassName(), [[...trial.inputShape], made]];
  }),
);
