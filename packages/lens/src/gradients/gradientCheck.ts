import { checkOptions, OptionError, type OptionSpecs, option, type Plugins, type Weight } from '@keepprob/core';
import { checkModel } from '@keepprob/core/driver';
import type { FitOptions, TrainingData } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Finding } from '../finding/finding.ts';
import { draw } from '../finding/picture.ts';
import { ask, type Question, type Setting, type View } from '../model/ask.ts';
import { costOnly } from '../model/costOnly.ts';
import { lossToUse } from '../model/lossToUse.ts';
import { untouched } from '../model/untouched.ts';
import { gradientsFigure, gradientsText } from './gradientCheckWords.ts';
import { type Direction, decide, measure, type Slope, type SlopeVerdict, STEP, slopeOf } from './slope.ts';
import { type Cause, causesOf } from './wrongGradient.ts';

/** The gradient of J by one weight against the slopes of J. */
export interface WeightGradient {
  /** Name of the layer. */
  readonly layer: string;
  /** The weight, as `weightsOf` names it. */
  readonly path: string;
  readonly verdict: SlopeVerdict;
  /** |analytic − numeric| / their size, where it is worst. */
  readonly relativeError: number;
  /** Five standard errors of the numeric slope there, in the same unit: rounding of float32, kinks of ReLU. */
  readonly noise: number;
  readonly analytic: number;
  readonly numeric: number;
}

export interface GradientCheck extends Finding {
  /** `cannotTell`: for some weights the slopes of J are lost in rounding, and no gradient is wrong. */
  readonly verdict: 'sound' | 'wrong' | 'cannotTell';
  readonly weights: readonly WeightGradient[];
  /** What the wrong gradients come from: checked one by one, by itself. */
  readonly causes: readonly Cause[];
}

export interface GradientCheckOptions {
  /** As in `fit`; by default the one that the model was compiled with, else the one that goes with its last activation. */
  readonly loss?: FitOptions['loss'] | null;
  /** Their penalties, and what they make of the loss, are part of J. */
  readonly plugins?: readonly Plugins[];
  /** At most so many rows, the first ones. */
  readonly rows?: number;
  /** Of the directions. */
  readonly seed?: number;
  readonly signal?: AbortSignal | null;
}

export const gradientCheckSpecs: OptionSpecs<GradientCheckOptions> = {
  loss: option.custom(
    'a loss as fit takes it',
    v => v === null || ['string', 'function', 'object'].includes(typeof v),
    {
      fallback: null,
    },
  ),
  plugins: option.custom('a list of training plugins', Array.isArray, { fallback: [] }),
  rows: option.number({ min: 1, integer: true, fallback: 64 }),
  seed: option.number({ min: 0, integer: true, fallback: 0 }),
  signal: option.custom('an AbortSignal', v => v === null || (typeof v === 'object' && 'aborted' in (v as object)), {
    fallback: null,
  }),
};

/**
 * Compares the gradient that training uses with slopes of J, weight by weight, with all dropout off: along the gradient and along a random direction,
 * by central differences of 12 values, whose error is estimated, so that what float32 cannot show is not called wrong. Where a gradient is wrong,
 * layers, loss and penalties are checked each by itself, and the one to blame is named.
 *
 * The model comes back as it was; nothing is drawn from a run.
 * @throws OptionError, DataError as `fit` does; the reason of `signal`
 */
export async function gradientCheck(
  model: LayersModel,
  data: TrainingData,
  options: GradientCheckOptions = {},
): Promise<GradientCheck> {
  const given = checkOptions<GradientCheckOptions>('gradientCheck', gradientCheckSpecs, options);
  checkModel(model);
  const setting = { ...given, loss: lossToUse('gradientCheck', model, given.loss), plugins: costOnly(given.plugins) };
  return untouched(model, async ({ dropout, rewind }) => {
    dropout(false);
    return checkGradients(model, data, setting, rewind);
  });
}

/** The check itself, on a model whose dropout is off already. */
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

/** In doubt the question is asked again: nearer, where curvature and kinks are less, and farther, where rounding is less. */
const AGAIN = [1 / 4, 1 / 16, 1 / 64, 4] as const;

export async function slopesByWeight(
  model: LayersModel,
  data: TrainingData,
  setting: Setting,
): Promise<readonly WeightGradient[]> {
  const paths: Weight[] = [];
  await ask(model, data, setting, [
    ({ weights }) => {
      paths.push(...weights);
      return tf.scalar(0);
    },
  ]);
  if (!paths.length) throw OptionError.of('gradientCheck', 'model', 'a model with weights to train', 'none');
  // by weight and direction, one slope for each step
  const ways = paths.flatMap((_, i): [number, Direction][] => [
    [i, 'gradient'],
    [i, { seed: setting.seed, step: 0, site: i, draw: 0 }],
  ]);
  const slopes: Slope[][] = ways.map(() => []);
  for (const factor of [1, ...AGAIN]) {
    const doubtful = ways.map((_, k) => k).filter(k => !slopes[k]?.length || decide(slopes[k]).verdict !== 'sound');
    const step = STEP * factor;
    const questions = doubtful.map(k => question(...(ways[k] as [number, Direction]), step));
    const answers = await ask(model, data, setting, questions);
    doubtful.forEach((k, n) => {
      slopes[k]?.push(slopeOf(answers[n] as Float32Array, step));
    });
  }
  const decided = slopes.map(decide);
  return paths.map(({ layer, path }, i) => ({ layer, path, ...worse(decided.slice(2 * i, 2 * i + 2)) }));
}

/** One direction in which the slope can be seen is enough to call a gradient sound, and one in which it is wrong to call it wrong. */
function worse(directions: readonly ReturnType<typeof decide>[]): Omit<WeightGradient, 'layer' | 'path'> {
  const badness = { wrong: 0, sound: 1, unresolved: 2 } as const;
  const [first] = [...directions].sort(
    (a, b) => badness[a.verdict] - badness[b.verdict] || b.relativeError - a.relativeError,
  );
  const { verdict, relativeError, noise, analytic, numeric } = first as ReturnType<typeof decide>;
  return { verdict, relativeError, noise, analytic, numeric: numeric.value };
}

/** J along one direction of the weight with this index. */
const question =
  (index: number, direction: Direction, step: number): Question =>
  view => {
    const { variable, path } = view.weights[index] as Weight;
    const base = tf.clone(variable);
    const gradient = wholeGradient(view, path, base);
    try {
      const cost = ([moved]: readonly tf.Tensor[]): tf.Tensor => {
        variable.assign(moved as tf.Tensor<tf.Rank>);
        return view.look().cost;
      };
      return measure(cost, [base], [gradient], direction, step);
    } finally {
      variable.assign(base as tf.Tensor<tf.Rank>);
    }
  };

/** With the terms of `l2`, which are stated by their coefficients; 0 for a weight that J does not depend on. */
function wholeGradient(view: View, path: string, weight: tf.Tensor): tf.Tensor {
  const { gradients, l2 } = view.look();
  const gradient = gradients.get(path) ?? tf.zerosLike(weight);
  return tf.add(gradient, tf.mul(weight, 2 * (l2.get(path) ?? 0)));
}
