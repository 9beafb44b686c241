/** Monte-Carlo dropout: what a network with dropout thinks, and how sure it is. Gal & Ghahramani, ICML 2016. */
import { checkOptions, DataError, OptionError, type OptionSpecs, option } from '@keepprob/core';
import {
  breathe,
  checkInputs,
  checkModel,
  checkNumbers,
  inputNames,
  outputNames,
  tensorsInOrder,
} from '@keepprob/core/driver';
import { type Layer, randomSeed, sampling } from '@keepprob/core/layers';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Gatherer, gather, type Uncertainty } from './gather.ts';
import { type Kind, kindOf } from './outputKind.ts';
import { nothingDrawn, stochasticLayers, withStockDropouts } from './stochastic.ts';

const NAME = 'predictWithUncertainty';

/** One tensor, a list in the model's order, or by name. */
export type Values = tf.Tensor | readonly tf.Tensor[] | Readonly<Record<string, tf.Tensor>>;

/** Options of `predictWithUncertainty`. */
export interface PredictWithUncertaintyOptions {
  /** T, samples of each row. 50 by default. */
  readonly samples?: number;
  /** The same seed gives the same numbers, in batches of any size. Random by default. Layers with their own seed keep it. */
  readonly seed?: number | null;
  /** Rows at a time; 32 by default. Memory holds the results and samples × batchSize outputs, or two of them without `interval`. */
  readonly batchSize?: number;
  /** Share of the samples (with `precision`: of y) between `lower` and `upper`, in (0, 1); false omits them. 0.95 by default. */
  readonly interval?: number | false;
  /** What the outputs are. With 'auto', the default, an output is a classification if its last activation is softmax or sigmoid. */
  readonly kind?: Kind;
  /** τ of `modelPrecision`: the variance of regression outputs gains 1/τ, and their intervals include that noise. None by default. */
  readonly precision?: number | null;
  /** Targets of regression outputs, for `logLikelihood`; needs `precision`. None by default. */
  readonly y?: Values | null;
  /** Called after each pass over a batch; by default nothing is. */
  readonly progress?: ((progress: { readonly done: number; readonly total: number }) => void) | null;
  /** Aborts between two samples: the promise rejects with the reason of the signal. None by default. */
  readonly signal?: AbortSignal | null;
}

/** The fields describe the first output; `outputs` has all outputs by name. */
export interface UncertainPrediction extends Uncertainty {
  /** Every output by name. */
  readonly outputs: Readonly<Record<string, Uncertainty>>;
  /** The seed that gives these numbers again. */
  readonly seed: number;
}

const specs: OptionSpecs<PredictWithUncertaintyOptions> = {
  samples: option.number({ min: 2, integer: true, fallback: 50 }),
  seed: option.seed(),
  batchSize: option.number({ min: 1, integer: true, fallback: 32 }),
  interval: option.either(option.number({ above: 0, below: 1 }), option.oneOf([false]), { fallback: 0.95 }),
  kind: option.oneOf<Kind>(['classification', 'regression', 'auto'], { fallback: 'auto' }),
  precision: option.orNull(option.number({ above: 0 })),
  y: option.orNull(
    option.custom<Values>(
      'a tensor, a list of tensors, or tensors by the name of their output',
      v => typeof v === 'object' && v !== null,
    ),
  ),
  progress: option.orNull(option.fn<NonNullable<PredictWithUncertaintyOptions['progress']>>()),
  signal: option.signal(),
};

/**
 * Monte-Carlo dropout (Gal & Ghahramani 2016): predicts T times with dropout on, and summarizes the samples. Batch norm and everything else stay at inference.
 * Layer plugins draw, and so do stock `dropout` and `spatialDropout1d`. Schedules of keepProb count as finished. It makes one forward pass at a time over one
 * batch.
 * @example
 * const regularized = keepProbs(model, ['hidden1', 'hidden2'], 0.5);
 * const { mean, variance, mutualInformation } = await predictWithUncertainty(regularized, x, { samples: 20, seed: 7 });
 * mean.shape; // [64, 2]
 * @throws OptionError for a model without dropout, or a stock dropout that cannot be seeded; DataError for inputs that do not fit together,
 * or a classification whose outputs are not probabilities
 */
export async function predictWithUncertainty(
  model: LayersModel,
  x: Values,
  options: PredictWithUncertaintyOptions = {},
): Promise<UncertainPrediction> {
  checkModel(model, 'predictWithUncertainty');
  const checked = checkOptions<PredictWithUncertaintyOptions>(NAME, specs, options);
  if (checked.y && checked.precision === null)
    throw OptionError.of(NAME, 'precision', 'a number > 0 together with `y`, such as modelPrecision({ … })', null);
  const names = { x: inputNames(model), y: outputNames(model) };
  const kinds = model.outputs.map(output => kindOf(output, checked.kind));
  if (checked.precision !== null && !kinds.includes('regression'))
    throw OptionError.of(
      NAME,
      'precision',
      "null, or an output that is not a classification (kind: 'regression')",
      kinds,
    );
  const layers = stochasticLayers(NAME, model);
  const inputs = tensorsInOrder(`${NAME}: x`, x, names.x);
  const targets = checked.y ? tensorsInOrder(`${NAME}: y`, checked.y, names.y) : [];
  const rows = await checkInputs(`${NAME}: x`, model, inputs);
  for (const [i, target] of targets.entries())
    await checkTarget(`${NAME}: y "${names.y[i]}"`, target, [rows, ...(model.outputs[i]?.shape.slice(1) ?? [])]);
  const seed = checked.seed ?? randomSeed();
  const { samples: perRow, batchSize, progress, signal } = checked;
  const outputs = await Promise.all(
    kinds.map(async (kind, i) =>
      gather({ ...checked, name: `${names.y[i]}`, rows, kind, y: await targets[i]?.data() }),
    ),
  );

  const total = perRow * Math.ceil(rows / batchSize);
  let done = 0;
  for (let first = 0; first < rows; first += batchSize) {
    const count = Math.min(batchSize, rows - first);
    const batch = inputs.map(input => tf.slice(input, [first], [count]));
    try {
      for (const output of outputs) output.begin(first, count);
      for (let index = 0; index < perRow; index++) {
        signal?.throwIfAborted();
        await tell(outputs, sampled(model, batch, layers, { seed, index, rows: [first, rows] }));
        progress?.({ done: ++done, total });
        await breathe();
      }
      for (const output of outputs) output.end();
    } finally {
      tf.dispose(batch);
    }
  }
  const results = outputs.map(output => output.tensors());
  return {
    ...(results[0] as Uncertainty),
    outputs: Object.fromEntries(names.y.map((name, i) => [name, results[i] as Uncertainty])),
    seed,
  };
}

/** @throws DataError for another shape than that of the output, where [rows] stands for [rows, 1], and for what are no finite numbers */
async function checkTarget(name: string, target: tf.Tensor, shape: readonly (number | null)[]): Promise<void> {
  const wanted = target.rank === 1 && shape.length === 2 && shape[1] === 1 ? shape.slice(0, 1) : shape;
  const fits = target.rank === wanted.length && wanted.every((n, axis) => n === null || n === target.shape[axis]);
  if (!fits) throw DataError.of(name, `shape [${shape.map(n => n ?? 'any')}]`, `[${target.shape}]`);
  if (target.dtype === 'string' || target.dtype === 'complex64') throw DataError.of(name, 'numbers', target.dtype);
  await checkNumbers(name, target);
}

/** Tells each output its sample, and lets go of the samples. */
async function tell(outputs: readonly Gatherer[], samples: readonly tf.Tensor[]): Promise<void> {
  try {
    for (const [i, sample] of samples.entries()) outputs[i]?.add(await sample.data(), sample.shape);
  } finally {
    tf.dispose([...samples]);
  }
}

/** One forward pass: the outputs for these rows. */
function sampled(
  model: LayersModel,
  batch: tf.Tensor[],
  layers: readonly Layer[],
  { seed, index, rows }: { readonly seed: number; readonly index: number; readonly rows: readonly [number, number] },
): tf.Tensor[] {
  const [only, ...others] = batch;
  return tf.tidy(() => {
    const { value, drawn } = sampling({ seed, index, rows, layers }, () =>
      withStockDropouts(layers, () => model.apply(only && !others.length ? only : batch) as tf.Tensor | tf.Tensor[]),
    );
    if (!drawn) throw nothingDrawn(NAME, model);
    return [value].flat().map(output => tf.clone(output)); // an output may be an input
  });
}
