/** The slopes of J for each weight: along the gradient and along a random direction. */

import { OptionError, type Weight } from '@keepprob/core';
import type { TrainingData } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { ask, type Question, type Setting, type View } from '../model/ask.ts';
import { labelsOf } from '../model/labels.ts';
import { type Direction, decide, measure, nudged, type Slope, STEP, slopeOf } from './slope.ts';
import type { WeightGradient } from './types.ts';

/** In doubt, the slope is measured again: with smaller steps, where curvature and kinks matter less, and with a larger one, where rounding matters less. */
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
  // one slope per step size, by weight and direction
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
  const labelOf = labelsOf(model);
  return paths.map(({ path }, i) => ({ layer: labelOf(path), path, ...worse(decided.slice(2 * i, 2 * i + 2)) }));
}

/** One direction in which the slope is resolved is enough to call a gradient sound, and one in which it is wrong is enough to call it wrong. */
function worse(directions: readonly ReturnType<typeof decide>[]): Omit<WeightGradient, 'layer' | 'path'> {
  const badness = { wrong: 0, sound: 1, unresolved: 2 } as const;
  const [first] = [...directions].sort(
    (a, b) => badness[a.verdict] - badness[b.verdict] || b.relativeError - a.relativeError,
  );
  const { verdict, relativeError, noise, analytic, numeric } = first as ReturnType<typeof decide>;
  return { verdict, relativeError, noise, analytic, numeric: numeric.value };
}

/**
 * J along one direction of the weight with this index, from a point next to it: biases that start at 0 put a ReLU exactly at its kink in every row whose
 * input to it is 0, where many gradients are valid and the slopes on the two sides differ, at every step size.
 */
const question =
  (index: number, direction: Direction, step: number): Question =>
  view => {
    const { variable, path } = view.weights[index] as Weight;
    const original = tf.clone(variable);
    const base = nudged(original, { seed: index, step: 0, site: 0, draw: 0 });
    try {
      variable.assign(base as tf.Tensor<tf.Rank>);
      const gradient = wholeGradient(view, path, base);
      const cost = ([moved]: readonly tf.Tensor[]): tf.Tensor => {
        variable.assign(moved as tf.Tensor<tf.Rank>);
        return view.look({ gradients: false }).cost;
      };
      return measure(cost, [base], [gradient], direction, step);
    } finally {
      variable.assign(original as tf.Tensor<tf.Rank>);
    }
  };

/** The gradient including the terms of `l2`, which are given as coefficients; 0 for a weight that J does not depend on. */
function wholeGradient(view: View, path: string, weight: tf.Tensor): tf.Tensor {
  const { gradients, l2 } = view.look();
  const gradient = gradients.get(path) ?? tf.zerosLike(weight);
  return tf.add(gradient, tf.mul(weight, 2 * (l2.get(path) ?? 0)));
}
