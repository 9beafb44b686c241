import { checkOptions, type OptionSpecs, option, type Plugins } from '@keepprob/core';
import { checkModel } from '@keepprob/core/driver';
import type { FitOptions, TrainingData } from '@keepprob/trainer';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { draw } from '../finding/picture.ts';
import type { Setting } from '../model/ask.ts';
import { costOnly } from '../model/costOnly.ts';
import { lossToUse } from '../model/lossToUse.ts';
import { lossOption } from '../model/questionOptions.ts';
import { untouched } from '../model/untouched.ts';
import { gradientsFigure, gradientsText } from './gradientCheckWords.ts';
import { slopesByWeight } from './slopesByWeight.ts';
import type { GradientCheck } from './types.ts';
import { causesOf } from './wrongGradient.ts';

/** Options of `gradientCheck`. */
export interface GradientCheckOptions {
  /** As in `fit`; by default the one that the model was compiled with, or else the one that matches its last activation. */
  readonly loss?: FitOptions['loss'] | null;
  /** Training plugins; none by default. Their penalties and their effect on the loss are part of J. */
  readonly plugins?: readonly Plugins[];
  /** Maximum number of rows to use, from the first on; 64 by default, 500 in `checkCost`. */
  readonly limitRows?: number;
  /** The seed of the random directions; 0 by default. */
  readonly seed?: number;
  /** Aborts: the promise rejects with the signal's reason. None by default. */
  readonly signal?: AbortSignal | null;
}

export const gradientCheckSpecs: OptionSpecs<GradientCheckOptions> = {
  loss: option.orNull(lossOption),
  plugins: option.plugins(),
  limitRows: option.number({ min: 1, integer: true, fallback: 64 }),
  seed: option.number({ min: 0, integer: true, fallback: 0 }),
  signal: option.signal(),
};

/**
 * Compares the gradient that training uses with slopes of J, weight by weight, with all dropout off: along the gradient and along a random direction, by
 * central differences of 12 values. The error of the slope is estimated, so a gradient is not called wrong because of float32 rounding. If a gradient is
 * wrong, layers, loss and penalties are checked one by one, and the cause is named.
 *
 * The model is restored afterwards, and no random numbers are drawn from a run.
 * @example
 * const { verdict } = await gradientCheck(model, { x, y }, { loss: 'categoricalCrossentropy' });
 * verdict; // such as 'sound'
 * @throws OptionError, DataError as `fit` does; the reason of `signal`
 */
export async function gradientCheck(
  model: LayersModel,
  data: TrainingData,
  options: GradientCheckOptions = {},
): Promise<GradientCheck> {
  const given = checkOptions<GradientCheckOptions>('gradientCheck', gradientCheckSpecs, options);
  checkModel(model, 'gradientCheck');
  const setting = { ...given, loss: lossToUse('gradientCheck', model, given.loss), plugins: costOnly(given.plugins) };
  return untouched(model, async ({ dropout, rewind }) => {
    dropout(false);
    return checkGradients(model, data, setting, rewind);
  });
}

/** The check itself, on a model whose dropout is already off. */
export async function checkGradients(
  model: LayersModel,
  data: TrainingData,
  setting: Setting,
  rewind: () => void,
): Promise<GradientCheck> {
  const weights = await slopesByWeight(model, data, setting);
  rewind();
  const wrong = weights.filter(w => w.verdict === 'wrong');
  const causes = wrong.length ? await causesOf(model, data, setting, wrong) : [];
  rewind();
  const unresolved = weights.some(w => w.verdict === 'unresolved');
  const found = {
    verdict: wrong.length ? ('wrong' as const) : unresolved ? ('cannotTell' as const) : ('sound' as const),
    weights,
    causes,
  };
  return { ...found, text: gradientsText(found), picture: () => draw(gradientsFigure(found)) };
}
