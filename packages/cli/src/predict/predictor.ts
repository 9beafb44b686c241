/** Turns rows of numbers into predictions. */
import { OptionError } from '@keepprob/core';
import { predictWithUncertainty } from '@keepprob/dropout';
import type { Preprocessing } from '@keepprob/trainer/model';
import { unscaled } from '@keepprob/trainer/table';
import type { LayersModel } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import type { Floats } from '../data/arrays.ts';
import { classNames } from '../data/labels.ts';
import { predictionsOf } from '../evaluate/predictions.ts';

/** The predicted fields of a row. */
export type Said = readonly (string | number)[];

export interface Predictor {
  /** The names of the predicted fields. */
  readonly names: readonly string[];
  /** @param block the number of the call, so that each call has its own masks */
  predict(x: Floats, block: number): Promise<Said[]>;
}

/** Passes with dropout on, and the seed of their masks. */
export interface Passes {
  readonly samples: number;
  readonly seed: number;
}

/** @throws OptionError for a model whose outputs do not match preprocessing.json */
export function predictorOf(
  owner: string,
  model: LayersModel,
  known: Preprocessing,
  passes: Passes | undefined,
): Predictor {
  const units = model.outputs[0]?.shape.at(-1);
  const { classes } = known;
  const names = classes === undefined ? undefined : classNames(classes);
  const labels = [known.label ?? []].flat();
  const expected = names?.length ?? labels.length;
  if (model.outputs.length !== 1 || units !== expected)
    throw OptionError.of(
      owner,
      'model',
      `one output of ${expected} units, as preprocessing.json says`,
      `${units} units`,
    );
  return names ? ofClasses(model, names, passes) : ofNumbers(model, labels, known, passes);
}

function ofClasses(model: LayersModel, names: readonly string[], passes: Passes | undefined): Predictor {
  const said = (p: ArrayLike<number>, row: number, more: Said): Said => {
    const own = names.map((_, c) => p[row * names.length + c] ?? Number.NaN);
    return [names[own.indexOf(Math.max(...own))] ?? '', ...own.map(rounded), ...more];
  };
  const columns = ['prediction', ...names.map(name => `p(${name})`)];
  const rowsOf = (x: Floats): number[] => Array.from({ length: x.shape[0] ?? 0 }, (_, row) => row);
  if (!passes)
    return {
      names: columns,
      async predict(x) {
        const { data } = await predictionsOf(model, x);
        return rowsOf(x).map(row => said(data, row, []));
      },
    };
  return {
    names: [...columns, 'entropy', 'mutualInformation'],
    async predict(x, block) {
      const { mean, entropy = [], mutualInformation = [] } = await sampled(model, x, passes, block);
      return rowsOf(x).map(row =>
        said(mean ?? [], row, [rounded(entropy[row] ?? Number.NaN), rounded(mutualInformation[row] ?? Number.NaN)]),
      );
    },
  };
}

function ofNumbers(
  model: LayersModel,
  labels: readonly string[],
  { labelScaling }: Preprocessing,
  passes: Passes | undefined,
): Predictor {
  const many = labels.length > 1;
  const named = (what: string): string[] => labels.map(label => (many ? `${what}(${label})` : what));
  const back = (data: Float32Array): Float32Array =>
    labelScaling ? unscaled({ data, shape: [] }, labelScaling).data : data;
  const own = (data: Float32Array, row: number): number[] =>
    labels.map((_, i) => rounded(data[row * labels.length + i] ?? Number.NaN));
  const rows = (x: Floats, curves: readonly Float32Array[]): Said[] =>
    Array.from({ length: x.shape[0] ?? 0 }, (_, row) => curves.flatMap(curve => own(curve, row)));
  if (!passes)
    return {
      names: named('prediction'),
      predict: async x => rows(x, [back(Float32Array.from((await predictionsOf(model, x)).data))]),
    };
  return {
    names: ['prediction', 'sd', 'low', 'high'].flatMap(named),
    async predict(x, block) {
      const { mean, variance, lower, upper } = await sampled(model, x, passes, block);
      const none = new Float32Array();
      const scale = labelScaling?.divisor ?? [1];
      const sd = (variance ?? none).map((value, i) => Math.sqrt(value) * (scale[i % scale.length] ?? 1));
      return rows(x, [back(mean ?? none), sd, back(lower ?? none), back(upper ?? none)]);
    },
  };
}

/** Rounds to the significant digits of float32. */
const rounded = (value: number): number => Number(value.toPrecision(6));

type Samples = {
  readonly [what in 'mean' | 'variance' | 'lower' | 'upper' | 'entropy' | 'mutualInformation']?: Float32Array;
};

async function sampled(
  model: LayersModel,
  { data, shape }: Floats,
  { samples, seed }: Passes,
  block: number,
): Promise<Samples> {
  const x = tf.tensor(data, [...shape]);
  try {
    const {
      outputs: _,
      seed: __,
      ...tensors
    } = await predictWithUncertainty(model, x, {
      samples,
      seed: (seed + block) % 2 ** 31,
      batchSize: shape[0] ?? 1,
    });
    const entries = Object.entries(tensors).filter(
      (entry): entry is [string, tf.Tensor] => entry[1] instanceof tf.Tensor,
    );
    const read = await Promise.all(
      entries.map(async ([name, tensor]) => [name, Float32Array.from(await tensor.data())] as const),
    );
    tf.dispose(entries.map(([, tensor]) => tensor));
    return Object.fromEntries(read);
  } finally {
    x.dispose();
  }
}
