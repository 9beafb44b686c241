/** Finds the cause of a wrong gradient: checks each layer and the loss separately, on the values that reach them in a forward pass. */

import { isModel } from '@keepprob/core/driver';
import { type Layer, layerTree } from '@keepprob/core/layers';
import { normalNoise } from '@keepprob/core/random';
import type { TrainingData } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { ask, type Question, type Setting } from '../model/ask.ts';
import { labelsOf } from '../model/labels.ts';
import { type Tap, withTaps } from '../model/tap.ts';
import { zip } from '../statistics/vectors.ts';
import { type Direction, decide, MEASURED, measure, slopeOf } from './slope.ts';
import { slopesByWeight } from './slopesByWeight.ts';
import type { Cause, WeightGradient } from './types.ts';

/** A single layer has less rounding than J, so smaller steps are possible, where kinks are few; the two step sizes must agree. */
const NEAR = [2 ** -11, 2 ** -13] as const;

/** @param wrong the weights whose gradients are wrong */
export async function causesOf(
  model: LayersModel,
  data: TrainingData,
  setting: Setting,
  wrong: readonly WeightGradient[],
): Promise<readonly Cause[]> {
  const layers = layerTree(model).filter(({ layer }) => !isModel(layer) && layer.getClassName() !== 'InputLayer');
  const directions: Direction[] = ['gradient', { seed: setting.seed, step: 1, site: 0, draw: 0 }];
  const ways: Way[] = directions.flatMap(direction => NEAR.map(step => ({ direction, step })));
  const questions = [
    ...layers.flatMap(({ layer }) => ways.map(way => layerQuestion(layer, way, setting.seed))),
    ...ways.map(lossQuestion),
  ];
  const answers = await ask(model, data, setting, questions);
  const of = (i: number): Float32Array[] => answers.slice(ways.length * i, ways.length * (i + 1));
  const labelOf = labelsOf(model);
  const ofLayers = layers.flatMap(({ path }, i) => {
    const about = { what: 'layer', name: labelOf(path) } as const;
    return [
      ...blame({ ...about, by: 'input' }, ways, of(i), 0),
      ...blame({ ...about, by: 'weights' }, ways, of(i), MEASURED),
    ].map(cause => ({ cause, path }));
  });
  // a wrapper is wrong if its layer is: the innermost one is the cause
  const innermost = ofLayers.filter(
    ({ cause, path }) => !ofLayers.some(other => other.cause.by === cause.by && other.path.startsWith(`${path}/`)),
  );
  const causes = [
    ...innermost.map(({ cause }) => cause),
    ...blame({ what: 'loss', name: 'loss', by: 'predictions' }, ways, of(layers.length), 0),
  ];
  return causes.length ? causes : elsewhere(model, data, setting, wrong);
}

/** The penalties, if the gradient is right without them; else the wrong layer nearest the output. */
async function elsewhere(
  model: LayersModel,
  data: TrainingData,
  setting: Setting,
  wrong: readonly WeightGradient[],
): Promise<readonly Cause[]> {
  const last = wrong.at(-1);
  if (!last) return [];
  const ratio = last.numeric / last.analytic;
  const plain = await slopesByWeight(model, data, { ...setting, plugins: [] });
  const guilty = setting.plugins.length > 0 && plain.every(w => w.verdict !== 'wrong');
  const names = (setting.plugins as readonly { readonly name: string }[]).map(p => p.name).join(', ');
  return [
    guilty
      ? { what: 'penalty', name: names, by: 'J', ratio }
      : { what: 'unknown', name: last.layer, by: 'weights', ratio },
  ];
}

/** NaN means that there is no such gradient: no weights, or an integer input. */
function blame(
  whom: Omit<Cause, 'ratio'>,
  ways: readonly Way[],
  answers: readonly Float32Array[],
  from: number,
): Cause[] {
  const parts = answers.map(a => a.subarray(from, from + MEASURED));
  if (parts.every(a => Number.isNaN(a[0]))) return [];
  const slopes = zip(parts, ways, (a, { direction, step }) => ({ direction, slope: slopeOf(a, step) }));
  const decided = [...new Set(ways.map(({ direction }) => direction))].map(along =>
    decide(slopes.filter(({ direction }) => direction === along).map(({ slope }) => slope)),
  );
  const [worst] = decided.filter(d => d.verdict === 'wrong').sort((a, b) => b.relativeError - a.relativeError);
  return worst ? [{ ...whom, ratio: worst.numeric.value / worst.analytic }] : [];
}

interface Way {
  readonly direction: Direction;
  readonly step: number;
}

const unasked = (): tf.Tensor => tf.fill([MEASURED], Number.NaN);

/** The layer alone: the slope of Σ v ⊙ layer(x), v random, with respect to its input and its weights. */
const layerQuestion =
  (layer: Layer, way: Way, seed: number): Question =>
  ({ look }) => {
    let found: tf.Tensor | undefined;
    const tap: Tap = (x, call) => {
      const y = call(x);
      found ??= tf.keep(tf.tidy(() => tf.concat([byInput(x, call, way, seed), byWeights(layer, x, call, way, seed)])));
      return y;
    };
    try {
      withTaps(new Map([[layer, tap]]), () => look({ gradients: false }));
      return found ? tf.clone(found) : tf.concat([unasked(), unasked()]);
    } finally {
      found?.dispose();
    }
  };

type Call = Parameters<Tap>[1];
const listed = (x: tf.Tensor | readonly tf.Tensor[]): tf.Tensor[] => [x].flat() as tf.Tensor[];

/** Σ over outputs of Σ v ⊙ y, with v from N(0, 1). */
function projected(ys: readonly tf.Tensor[], seed: number): tf.Tensor {
  return ys
    .map((y, draw) => {
      const v = normalNoise(y.shape, { seed, step: 2, site: 0, draw });
      return tf.sum(tf.mul(tf.cast(y, 'float32'), v));
    })
    .reduce((sum, s) => tf.add(sum, s));
}

function byInput(x: tf.Tensor, call: Call, way: Way, seed: number): tf.Tensor {
  const xs = listed(x);
  const f = (moved: readonly tf.Tensor[]): tf.Tensor =>
    projected(listed(call((moved.length === 1 ? moved[0] : moved) as tf.Tensor)), seed);
  return slopesOf(xs, () => tf.grads((...moved: tf.Tensor[]) => f(moved) as tf.Scalar)(xs), f, way);
}

function byWeights(layer: Layer, x: tf.Tensor, call: Call, way: Way, seed: number): tf.Tensor {
  const variables = layer.trainableWeights.map(w => w.read() as tf.Variable);
  if (!variables.length) return unasked();
  const before = variables.map(v => tf.clone(v));
  const f = (): tf.Tensor => projected(listed(call(x)), seed);
  const moved = (points: readonly tf.Tensor[]): tf.Tensor => {
    for (const [i, v] of variables.entries()) v.assign(points[i] as tf.Tensor<tf.Rank>);
    return f();
  };
  const gradients = (): tf.Tensor[] => {
    const { grads } = tf.variableGrads(f as () => tf.Scalar, variables);
    return variables.map(v => grads[v.name] ?? tf.zerosLike(v));
  };
  try {
    return slopesOf(before, gradients, moved, way);
  } finally {
    moved(before);
  }
}

/** NaN for integer inputs, such as those of an embedding: they have no gradient, and TF.js throws. */
function slopesOf(
  points: readonly tf.Tensor[],
  gradients: () => tf.Tensor[],
  f: (moved: readonly tf.Tensor[]) => tf.Tensor,
  way: Way,
): tf.Tensor {
  if (points.some(p => p.dtype !== 'float32')) return unasked();
  let taken: tf.Tensor[];
  try {
    taken = gradients();
  } catch {
    return unasked();
  }
  return measure(f, points, taken, way.direction, way.step);
}

/** The loss alone, with respect to the predictions; each prediction moves in proportion to itself, so that probabilities stay positive. */
const lossQuestion =
  (way: Way): Question =>
  ({ look, watchLoss }) => {
    let found: tf.Tensor | undefined;
    watchLoss((value, { predictions, loss }) => {
      const names = Object.keys(predictions);
      const points = Object.values(predictions);
      const f = (moved: readonly tf.Tensor[]): tf.Tensor =>
        loss(Object.fromEntries(names.map((name, i) => [name, moved[i] as tf.Tensor])));
      const scaled = (s: readonly tf.Tensor[]): tf.Tensor => f(points.map((p, i) => tf.mul(p, s[i] as tf.Tensor)));
      const ones = points.map(p => tf.onesLike(p));
      found ??= tf.keep(
        tf.tidy(() => slopesOf(ones, () => tf.grads((...s: tf.Tensor[]) => scaled(s) as tf.Scalar)(ones), scaled, way)),
      );
      return value;
    });
    try {
      look({ gradients: false });
      return found ? tf.clone(found) : unasked();
    } finally {
      found?.dispose();
    }
  };
