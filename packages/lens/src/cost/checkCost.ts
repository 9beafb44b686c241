import { checkOptions, type OptionSpecs, option } from '@keepprob/core';
import { checkModel, checkOptimizer, learningRateOf } from '@keepprob/core/driver';
import type { TrainingData } from '@keepprob/trainer';
import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { draw } from '../finding/picture.ts';
import { type LensProgress, progressOption, tellerOf } from '../finding/progress.ts';
import { checkGradients, type GradientCheckOptions, gradientCheckSpecs } from '../gradients/gradientCheck.ts';
import type { Setting } from '../model/ask.ts';
import { costOnly } from '../model/costOnly.ts';
import { dropoutsOf, warningsAbout } from '../model/dropoutsOf.ts';
import { lossToUse } from '../model/lossToUse.ts';
import { untouched } from '../model/untouched.ts';
import { fallOf, smooth } from '../statistics/smooth.ts';
import { costFigure, costText } from './checkCostWords.ts';
import { type Descent, descend } from './descend.ts';
import { nondeterministicLayer } from './nondeterministic.ts';
import { whereNotFinite } from './notFinite.ts';
import type { CostCheck, CostVerdict, DescentUnderDropout } from './types.ts';

/** Options of `checkCost`. */
export interface CheckCostOptions extends GradientCheckOptions {
  /** The optimizer whose settings are used; its own state does not change. Plain gradient descent by default. */
  readonly optimizer?: tf.Optimizer | null;
  /** The learning rate; by default that of `optimizer`, or 0.01 without one. */
  readonly learningRate?: number | null;
  /** Number of updates in each descent; 100 by default. */
  readonly steps?: number;
  /** 'lines' (the default), false, or a function that gets every event. */
  readonly progress?: LensProgress;
}

const LEARNING_RATE = 0.01;
/** Rows for the gradient check, which evaluates J about 25 times per weight. */
const GRADIENT_ROWS = 64;
/** Maximum number of times the learning rate is divided by ten. */
const TENTHS = 6;
/** J counts as flat if it falls by less than this share. */
const FLAT = 1e-3;

const specs: OptionSpecs<CheckCostOptions> = {
  ...gradientCheckSpecs,
  limitRows: option.number({ min: 1, integer: true, fallback: 500 }),
  optimizer: option.orNull(option.optimizer()),
  learningRate: option.orNull(option.number({ above: 0 })),
  steps: option.number({ min: 5, integer: true, fallback: 100 }),
  progress: { ...progressOption, fallback: 'lines' },
};

/**
 * Checks that J falls. With dropout on, J is a different function at each step and may rise, so the lecture advises turning dropout off, checking that J
 * falls monotonically, and turning it back on.
 *
 * With all noise off, it runs gradient descent on the first `limitRows` rows and reports whether J = loss + penalties fell at each step. If not, it
 * reports why: a layer that is still random, a wrong gradient (and which), NaN (and where it comes from), or a learning rate that is too high (J falls at
 * a tenth of it). It then repeats the descent with dropout on and smooths J. Plugins count only as part of J: their penalties and their effect on the
 * loss.
 *
 * The model is restored bit for bit afterwards; the optimizer is not touched.
 * @example
 * const check = await checkCost(model, { x, y }, { loss: 'categoricalCrossentropy', steps: 10 });
 * check.verdict; // such as 'falls'; check.text says why it is not
 * @throws OptionError, DataError as `fit` does; the reason of `signal`
 */
export async function checkCost(
  model: LayersModel,
  data: TrainingData,
  options: CheckCostOptions = {},
): Promise<CostCheck> {
  const given = checkOptions<CheckCostOptions>('checkCost', specs, options);
  checkModel(model, 'checkCost');
  const { optimizer, steps } = given;
  if (optimizer) checkOptimizer(optimizer);
  const learningRate = given.learningRate ?? (optimizer ? learningRateOf(optimizer) : LEARNING_RATE);
  const setting: Setting = {
    loss: lossToUse('checkCost', model, given.loss),
    plugins: costOnly(given.plugins),
    limitRows: given.limitRows,
    seed: given.seed,
    signal: given.signal,
  };
  const tell = tellerOf('checkCost', given.progress);

  return untouched(model, async ({ dropout, rewind }) => {
    const descent = async (rate: number, what: string): Promise<Descent> => {
      rewind();
      return descend(model, data, setting, optimizer, rate, steps, done => tell({ what, done, total: steps }));
    };
    const dropouts = dropoutsOf(model);
    const noisy = (await nondeterministicLayer(model, data, setting)) !== null || dropouts.length > 0;
    dropout(false);
    const seen = await withoutNoise(model, data, setting, learningRate, descent, rewind);
    dropout(true);
    // if J is not finite at the start, there is nothing to smooth
    const sound = seen.slower.find(d => d.falls)?.learningRate ?? learningRate;
    const underDropout =
      noisy && Number.isFinite(seen.descent.costs[0]) ? smoothed(await descent(sound, 'dropout on')) : null;
    const warnings = [
      ...warningsAbout(dropouts),
      ...(noisy ? [] : ['The model has no dropout and no noise, so there is only one J.']),
    ];
    const found = { verdict: verdictOf(seen), ...seen, underDropout, warnings };
    return { ...found, text: costText(found), picture: () => draw(costFigure(found)) };
  });
}

type Seen = Pick<CostCheck, 'descent' | 'slower' | 'nondeterministic' | 'gradient' | 'notFinite'>;

/** The first half of the check, on a model whose noise is off. */
async function withoutNoise(
  model: LayersModel,
  data: TrainingData,
  setting: Setting,
  learningRate: number,
  descentAt: (rate: number, what: string) => Promise<Descent>,
  rewind: () => void,
): Promise<Seen> {
  const nondeterministic = await nondeterministicLayer(model, data, setting);
  const spoiled = await whereNotFinite(model, data, setting);
  rewind();
  const few = { ...setting, limitRows: Math.min(setting.limitRows, GRADIENT_ROWS) };
  const gradient = nondeterministic || spoiled ? null : await checkGradients(model, data, few, rewind);
  const descent = await descentAt(learningRate, 'dropout off');
  const notFinite = spoiled ?? (descent.notFinite === null ? null : await whereNotFinite(model, data, setting));
  const slower: Descent[] = [];
  while (!nondeterministic && !spoiled && !(slower.at(-1) ?? descent).falls && slower.length < TENTHS) {
    const rate = learningRate / 10 ** (slower.length + 1);
    slower.push(await descentAt(rate, `dropout off, learning rate ${rate.toPrecision(1)},`));
  }
  return { descent, slower, nondeterministic, gradient, notFinite };
}

function smoothed({ costs }: Descent): DescentUnderDropout {
  const finite = costs.filter(Number.isFinite);
  return { costs, fall: fallOf(finite), ...smooth(finite) };
}

function verdictOf({ descent, slower, nondeterministic, gradient }: Seen): CostVerdict {
  if (nondeterministic) return 'stochasticLayer';
  if (gradient?.verdict === 'wrong') return 'wrongGradient';
  const [first = Number.NaN] = descent.costs;
  const last = descent.costs.at(-1) ?? first;
  if (descent.falls) return first - last < FLAT * Math.abs(first) ? 'flat' : 'falls';
  if (slower.at(-1)?.falls) return 'learningRateTooHigh';
  return descent.notFinite === null ? 'cannotTell' : 'notANumber';
}
