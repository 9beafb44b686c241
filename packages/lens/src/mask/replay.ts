/** Masks of past steps, drawn again from their keys: nothing was stored, nothing is drawn from any run. */

import { OptionError, type RandomKey } from '@keepprob/core';
import { keepBits } from '@keepprob/core/random';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type DropoutLayer, dropoutsOf, keepProbAt } from '../model/dropoutsOf.ts';
import { usesOf } from '../model/graph.ts';

export interface Replayable {
  readonly dropout: DropoutLayer;
  /** Shape of one row's mask, batch axis first: [1, …]. */
  readonly shape: readonly number[];
  readonly seed: number;
  readonly site: number;
}

export interface When {
  readonly step: number;
  readonly stepsPerEpoch: number | null;
}

/** The dropouts whose masks can be drawn again; of the others, why they cannot. */
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
      const own = dropout.frozen ? 'it repeats one mask for ever' : "TF.js' own draws from no key";
      return cannot(`${own}: its masks cannot be drawn again`);
    }
    if (!dropout.noiseShape) return cannot(dropout.unlike ?? 'it has no mask');
    const shape = dropout.noiseShape(inputShape(dropout));
    if (shape.some(size => size === null))
      return cannot(`the shape [${shape.map(String)}] of its mask depends on the data`);
    if (usesOf(model, dropout.layer) > 1)
      return cannot('it is used more than once in a forward pass, with a mask for each use');
    const key = dropout.seed ?? seed;
    if (key === null)
      throw OptionError.of('showMask', 'seed', "the run's seed (run.seed of fit, or as given to attach)", undefined);
    return [{ dropout, shape: [1, ...shape.slice(1)], seed: key, site: dropout.site }];
  });
  return { replayables, unknown, dropouts };
}

const inputShape = ({ layer }: DropoutLayer): number[] => [
  1,
  ...((layer.inboundNodes[0]?.inputShapes[0] ?? []) as number[]).slice(1),
];

/** The keepProb that a dropout had at a step. */
export const keepProbOf = ({ dropout }: Replayable, { step, stepsPerEpoch }: When): number =>
  keepProbAt(dropout.keepProb, step, () => {
    if (stepsPerEpoch !== null) return Math.floor(step / stepsPerEpoch);
    const expected = `an integer ≥ 1, as the keepProb of "${dropout.name}" goes by epoch`;
    throw OptionError.of('showMask', 'stepsPerEpoch', expected, stepsPerEpoch);
  });

/** Which elements of row `row` of the batch were kept. */
export function keptAt(replayable: Replayable, row: number, when: When): Uint8Array {
  const { shape, seed, site, dropout } = replayable;
  const key: RandomKey = { seed, step: when.step, site, draw: 0 };
  // a mask that all rows share is the same for each of them
  const first = dropout.noiseShape?.([2])[0] === 1 ? 0 : row;
  return keepBits(shape, keepProbOf(replayable, when), key, [first, 0]);
}
