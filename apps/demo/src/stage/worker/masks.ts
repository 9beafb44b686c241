/** The masks of a step. Nothing is intercepted: the mask of a step is a function of its key, so it is computed again. */
import type { RandomKey } from '@keepprob/core';
import { layerPluginsOf } from '@keepprob/core/layers';
import { keepBits, type Rows } from '@keepprob/core/random';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** One place where units are dropped, for the first row of the batch. */
export interface ThinnedLayer {
  /** The layer whose output is dropped. */
  readonly name: string;
  readonly keepProb: number;
  /** 1 kept, 0 dropped. */
  readonly kept: Uint8Array;
}

export interface Place {
  readonly name: string;
  readonly units: number;
  readonly keepProb: number;
}

/** What the training hooks know of the step they are in. */
interface Step {
  key(): RandomKey;
  readonly rows: Rows;
}

/** The smaller network that a step gives to the first row of its batch. */
export function masksOf(model: LayersModel): (places: readonly Place[], at: Step) => ThinnedLayer[] {
  const sites = layerPluginsOf(model).map(layer => layer.name);
  return (places, at) => {
    const { seed, step } = at.key();
    return places.map(({ name, units, keepProb }) => {
      const site = sites.indexOf(`${name}_dropout`);
      return { name, keepProb, kept: keepBits([1, units], keepProb, { seed, step, site, draw: 0 }, at.rows) };
    });
  };
}
