import { checkOptions, OptionError, option } from '@keepprob/core';
import { checkModel } from '@keepprob/core/driver';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { draw } from '../finding/picture.ts';
import { warningsAbout } from '../model/dropoutsOf.ts';
import { addScaled, zip } from '../statistics/vectors.ts';
import { keepProbOf, keptAt, type Replayable, replayablesOf } from './replay.ts';
import { maskFigure, maskText } from './showMaskWords.ts';
import { columnsOf, thinnedBy } from './thinned.ts';
import type { ShownDropout, ShownMask } from './types.ts';

/** Options of `showMask`. */
export interface ShowMaskOptions {
  /** The seed of the run, `run.seed` of `fit`. None by default, which is enough if every dropout has its own seed. */
  readonly seed?: number | null;
  /** Index of the row in the step's batch, since each row has its own mask; 0 by default. */
  readonly row?: number;
  /** Number of updates per epoch; needed if a keepProb is a schedule by epoch. Null by default. */
  readonly stepsPerEpoch?: number | null;
}

const specs = {
  seed: option.seed(),
  row: option.number({ min: 0, integer: true, fallback: 0 }),
  stepsPerEpoch: option.orNull(option.number({ min: 1, integer: true })),
};

/**
 * The smaller network that one step of a run trained: which units were kept, how many parameters were trained, and how often each unit has been kept so
 * far. Everything is drawn again from keys (seed, step, site), so any past step can be shown, and no run is affected. Counting takes step + 1 masks.
 * @param step index of the update, from 0
 * @example
 * const dropped = keepProbs(model, { hidden1: 0.5 });
 * const run = await fit(dropped, { x, y }, options);
 * showMask(dropped, 0, { seed: run.seed }).dropouts[0].kept.length; // 8
 * @throws OptionError for an unbuilt model, a bad option, or a missing seed
 */
export function showMask(model: LayersModel, step: number, options: ShowMaskOptions = {}): ShownMask {
  const { seed, row, stepsPerEpoch } = checkOptions<ShowMaskOptions>('showMask', specs, options);
  checkModel(model, 'showMask');
  if (!(Number.isSafeInteger(step) && step >= 0)) throw OptionError.of('showMask', 'step', 'an integer ≥ 0', step);
  const { replayables, unknown, dropouts } = replayablesOf(model, seed);
  const shown = replayables.map(r => shownDropout(r, row, step, stepsPerEpoch));
  const masks = new Map(zip(replayables, shown, ({ dropout }, { kept }) => [dropout.layer, kept]));
  const found = {
    step,
    row,
    dropouts: shown,
    parameters: thinnedBy(model, masks),
    columns: columnsOf(model, masks),
    unknown,
    warnings: warningsAbout(dropouts),
  };
  return { ...found, text: maskText(found), picture: () => draw(maskFigure(found)) };
}

function shownDropout(replayable: Replayable, row: number, step: number, stepsPerEpoch: number | null): ShownDropout {
  let kept: Uint8Array = new Uint8Array();
  let expected = 0;
  const seen = new Float64Array(replayable.shape.reduce((a, b) => a * b, 1));
  for (let s = 0; s <= step; s++) {
    const when = { step: s, stepsPerEpoch };
    kept = keptAt(replayable, row, when);
    expected += keepProbOf(replayable, when);
    addScaled(seen, kept);
  }
  const { name } = replayable.dropout;
  const keepProb = keepProbOf(replayable, { step, stepsPerEpoch });
  return { name, keepProb, shape: replayable.shape.slice(1), kept, seen: Uint32Array.from(seen), expected };
}
