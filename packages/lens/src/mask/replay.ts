/** Masks of past steps, drawn again from their keys: nothing was stored, and nothing is drawn from any run. */

import { OptionError, type RandomKey } from '@keepprob/core';
import { keepBits } from '@keepprob/core/random';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type DropoutLayer, dropoutsOf, inputShapeOf, keepProbAt, type Mask } from '../model/dropoutsOf.ts';
import { usesOf } from '../model/graph.ts';

export interface Replayable {
  readonly dropout: DropoutLayer;
  readonly mask: Mask;
  /** Shape of one row's mask, batch axis first: [1, …]. */
  readonly shape: readonly number[];
  readonly seed: number;
  readonly site: number;
}

export interface When {
  readonly step: number;
  readonly stepsPerEpoch: number | null;
}

/** The dropouts whose masks can be drawn again, and for the others the reason why not. */
export function replayablesOf(
  model: LayersModel,
  seed: number | null,
): { replayables: Replayable[]; unknown: string[]; dropouts: DropoutLayer[] } {
  const dropouts = dropoutsOf(model);
  const unknown: string[] = [];
  const replayables = dropouts.flatMap((dropout): Replayable[] => {
    const cannot = (why: string): [] => {
      unknown.push(`"${dropout.name}" (${dropout.className}): ${why}`);
      return [];
    };
    if (dropout.site === undefined) {
      const own = dropout.frozen ? 'it repeats one mask forever' : "TF.js' own layer draws without a key";
      return cannot(`${own}: its masks cannot be drawn again`);
    }
    const { mask, layer, noise } = dropout;
    if (!mask) return cannot(dropout.unlike ?? 'it has no mask on activations');
    const input = inputShapeOf(layer)?.slice(1);
    if (!input) return cannot('another layer calls it, any number of times');
    if (!isKnown(input))
      return cannot(`the shape [${['rows', ...input].map(String)}] of its input depends on the data`);
    if (usesOf(model, layer) > 1)
      return cannot('it is used more than once in a forward pass, with a mask for each use');
    const key = noise.seed ?? seed;
    if (key === null)
      throw OptionError.of('showMask', 'seed', "the run's seed (run.seed of fit, or as given to attach)", undefined);
    return [{ dropout, mask, shape: [1, ...mask.shape([1, ...input]).slice(1)], seed: key, site: dropout.site }];
  });
  return { replayables, unknown, dropouts };
}

const isKnown = (shape: readonly (number | null)[]): shape is readonly number[] => !shape.includes(null);

/** The keepProb that a dropout had at a step. */
export const keepProbOf = ({ dropout }: Replayable, { step, stepsPerEpoch }: When): number =>
  keepProbAt(dropout, step, () => {
    if (stepsPerEpoch !== null) return Math.floor(step / stepsPerEpoch);
    const expected = `an integer ≥ 1, as the keepProb of "${dropout.name}" depends on the epoch`;
    throw OptionError.of('showMask', 'stepsPerEpoch', expected, stepsPerEpoch);
  });

/** Which elements of row `row` of the batch were kept. */
export function keptAt(replayable: Replayable, row: number, when: When): Uint8Array {
  const { shape, seed, site, mask } = replayable;
  const key: RandomKey = { seed, step: when.step, site, draw: 0 };
  // all rows share the same mask
  const first = mask.sharedByRows ? 0 : row;
  return keepBits(shape, keepProbOf(replayable, when), key, [first, 0]);
}
