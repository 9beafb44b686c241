import { checkOptions, DataError, OptionError, option } from '@keepprob/core';
import { checkModel } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Loss, type LossName, labelsFor, lossNames, lossOf } from './curvature.ts';
import { warningsAbout } from './dropoutsOf.ts';
import { pictureOfL2, textOfL2 } from './effectiveL2Words.ts';
import type { Finding } from './finding.ts';
import { lambdaOfUnits, squaredNorm } from './lambda.ts';
import { type NoiseSite, type NoiseSites, sitesFor, sitesOf } from './noiseSites.ts';
import { type Data, openRows, rowsPerPass } from './rows.ts';
import { type Estimate, samplePenalty } from './sampledPenalty.ts';
import { denseReader, isExact, PROBES, type SiteSum, secondOrder } from './secondOrder.ts';
import { suggestKeepProbs } from './suggestKeepProbs.ts';

type KeepProbs = Readonly<Record<string, number>>;

export interface EffectiveL2Options {
  /** Dropout as `keepProbs(model, table)` of @keepprob/dropout would insert it, instead of the model's own. */
  readonly keepProbs?: KeepProbs | null;
  /** keepProb of the input, or of each input by name; with `keepProbs`. */
  readonly input?: number | KeepProbs;
  /** By default the one that the model was compiled with, else the one that goes with the activation of its output. */
  readonly loss?: LossName | null;
  /** Masks for each row, at least. By default as many as make 8,192 dropped rows, at least 8. */
  readonly samples?: number | null;
  readonly seed?: number;
  /** Where schedules of keepProb are read. */
  readonly step?: number;
  readonly epoch?: number;
}

/**
 * How the number was found. `exact`: squared error, everything behind is affine. `quadratic`: cross-entropy, everything behind is affine up to its
 * link (Wager et al. 2013). `second order`: anything else (Wei et al. 2020).
 */
export type Theory = 'exact' | 'quadratic' | 'second order';

/** The penalty of one dropout, as it adds to the mean loss of a row. */
export interface SiteL2 {
  readonly name: string;
  readonly keepProb: number;
  /** Whether it drops what the model is given. */
  readonly isInput: boolean;
  readonly theory: Theory;
  /** By theory; its error is 0 unless random directions were used. */
  readonly penalty: Estimate;
  /** The same, sampled with this dropout alone. */
  readonly sampled: Estimate;
  /** The layers whose matrices meet what is dropped. */
  readonly meets: readonly string[];
  /** Share of the penalty by unit that is dropped (element of a row's mask). */
  readonly units: Float64Array;
  /**
   * λ_j by input j of those matrices, with Σ_j λ_j Σ_k w_jk² = penalty; null where something stands between. NaN where all weights of j are 0. For
   * squared error with an affine rest and for one output, λ_j is that of each single weight.
   */
  readonly lambda: Float64Array | null;
  /** λ_jk = ½ (q/p) mean h_j² M_kk by weight, M the curvature of the loss by the pre-activation; without the terms between weights. */
  readonly weights: { readonly values: Float64Array; readonly shape: readonly [number, number] } | null;
  /** The plain L2 λ, with λ Σ w² over the matrices that are met, that would cost the same: by theory, and sampled. */
  readonly l2: Estimate | null;
  readonly sampledL2: Estimate | null;
}

export interface EffectiveL2 extends Finding {
  readonly loss: { readonly name: LossName; readonly value: number };
  readonly rows: number;
  readonly samples: number;
  readonly sites: readonly SiteL2[];
  /** Of all dropouts together; the theory adds them up, sampling sees what they do to each other. */
  readonly penalty: Estimate;
  readonly sampled: Estimate;
  /** Whether the keepProbs are suggested ones, since the model has no dropout and none were given. */
  readonly suggested: boolean;
  /** What could not be told, and defects of stock dropout layers. */
  readonly warnings: readonly string[];
}

const FEW_ROWS = 30;

const table = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const wholeNumber = option.number({ min: 0, integer: true, fallback: 0 });
const specs = {
  keepProbs: option.custom<KeepProbs | null>('an object of keepProbs by layer name', v => v === null || table(v), {
    fallback: null,
  }),
  input: option.custom<number | KeepProbs>(
    'a keepProb, or an object of them by input name',
    v => typeof v === 'number' || table(v),
    { fallback: 1 },
  ),
  loss: option.custom<LossName | null>(
    `one of ${lossNames.join(', ')}`,
    v => v === null || lossNames.includes(v as LossName),
    { fallback: null },
  ),
  samples: option.custom<number | null>(
    'an integer ≥ 2',
    v => v === null || (Number.isSafeInteger(v) && Number(v) >= 2),
    { fallback: null },
  ),
  seed: wholeNumber,
  step: wholeNumber,
  epoch: wholeNumber,
};

/**
 * Dropout as the adaptive L2 that it is: R = E loss(dropped) − loss ≈ Σ λ_j w_j² with λ_j from the activations that meet w_j. By theory, and always
 * beside the same number sampled over masks with its standard error. Nothing is clamped: the sampled penalty can be negative (Helmbold & Long 2015).
 * The model and its runs are left as they are; batch norm uses its moving statistics.
 *
 * `await effectiveL2(model, { x, y })` on the model's own dropout; `effectiveL2(model, { x, y }, { keepProbs: { hidden1: 0.5 }, input: 0.9 })` as if it
 * had this one. Without either, with what `suggestKeepProbs` suggests.
 * @throws OptionError for an unbuilt model, several outputs, an unknown layer, a bad option; DataError for data or weights that are not finite
 */
export async function effectiveL2(
  model: LayersModel,
  data: Data,
  options: EffectiveL2Options = {},
): Promise<EffectiveL2> {
  const checked = checkOptions<EffectiveL2Options>('effectiveL2', specs, options);
  checkModel(model);
  if (model.outputs.length !== 1)
    throw OptionError.of('effectiveL2', 'model', 'a model with one output', `${model.outputs.length} outputs`);
  const loss = lossOf('effectiveL2', model, checked.loss);
  const { sites, dropouts, left, suggested } = chosenSites(model, loss, checked);
  const rows = await openRows('effectiveL2', model, data, true);
  let labels: tf.Tensor | undefined;
  try {
    const shape = outputShape(model, rows.inputs, rows.count);
    labels = await labelsFor('effectiveL2', loss, rows.labels as tf.Tensor, shape);
    const samples = checked.samples ?? Math.max(8, Math.ceil(8192 / rows.count));
    const batch = rowsPerPass(model);
    const measured = { inputs: rows.inputs, labels, count: rows.count };
    const sampled = await samplePenalty(model, loss, measured, sites, { samples, seed: checked.seed, batch });
    if (!Number.isFinite(sampled.loss))
      throw DataError.of('effectiveL2: the model', 'a finite loss', String(sampled.loss));
    const sums = await sumOverRows(model, loss, rows.inputs, rows.count, sites, { seed: checked.seed, batch });
    const exact = isExact(shape);
    const found = await Promise.all(
      sites.map((site, s) => siteL2(site, loss, sums[s] as SiteSum, sampled.alone[s] as Estimate, rows.count, exact)),
    );
    const result: Omit<EffectiveL2, keyof Finding> = {
      loss: { name: loss.name, value: sampled.loss },
      rows: rows.count,
      samples: sampled.samples,
      sites: found,
      penalty: total(sums, rows.count, exact),
      sampled: sampled.all,
      suggested,
      warnings: [
        ...(checked.keepProbs ? [] : warningsAbout(dropouts)),
        ...left.map(what => `not included: ${what}`),
        ...(rows.count < FEW_ROWS
          ? [`Only ${rows.count} rows: their activations may not be those of other rows.`]
          : []),
      ],
    };
    return { ...result, text: textOfL2(result), picture: () => pictureOfL2(result) };
  } finally {
    rows.dispose();
    labels?.dispose();
  }
}

function chosenSites(
  model: LayersModel,
  { link }: Loss,
  { keepProbs, input, step, epoch }: Required<EffectiveL2Options>,
): NoiseSites & { suggested: boolean } {
  const own = sitesOf(model, link, step, epoch);
  const asked = keepProbs !== null || typeof input === 'object' || input !== 1;
  if (asked) {
    return { ...own, sites: sitesFor('effectiveL2', model, keepProbs ?? {}, input, link), left: [], suggested: false };
  }
  if (own.dropouts.length) return { ...own, suggested: false };
  const { keepProbs: table } = suggestKeepProbs(model);
  return { ...own, sites: sitesFor('effectiveL2', model, table, 1, link), suggested: true };
}

const outputShape = (model: LayersModel, inputs: readonly tf.Tensor[], rows: number): number[] => {
  const one = tf.tidy(
    () =>
      (
        model.apply(
          inputs.length === 1 ? tf.slice(inputs[0] as tf.Tensor, 0, 1) : inputs.map(x => tf.slice(x, 0, 1)),
        ) as tf.Tensor
      ).shape as never,
  ) as unknown as number[];
  return [rows, ...one.slice(1)];
};

async function sumOverRows(
  model: LayersModel,
  loss: Loss,
  inputs: readonly tf.Tensor[],
  count: number,
  sites: readonly NoiseSite[],
  { seed, batch }: { readonly seed: number; readonly batch: number },
): Promise<SiteSum[]> {
  let all: SiteSum[] | undefined;
  for (let first = 0; sites.length && first < count; first += batch) {
    const part = inputs.map(x => tf.slice(x, first, Math.min(batch, count - first)));
    const sums = await secondOrder(model, loss, part, sites, { seed, first }).finally(() => tf.dispose(part));
    all?.forEach((sum, s) => {
      addTo(sum, sums[s] as SiteSum);
    });
    all ??= sums;
  }
  return all ?? [];
}

function addTo(sum: SiteSum, part: SiteSum): void {
  for (const field of ['units', 'passes', 'weights'] as const) {
    part[field]?.forEach((value, i) => {
      (sum[field] as Float64Array)[i] = (sum[field]?.[i] as number) + value;
    });
  }
}

const plus = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);

/** Σ over the units; with random passes, the standard error of their mean. */
function estimate(passes: ArrayLike<number>, rows: number, exact: boolean): Estimate {
  const value = plus(passes) / rows;
  if (exact) return { value, error: 0 };
  const each = Array.from(passes, pass => (pass * PROBES) / rows);
  const variance = plus(each.map(v => (v - value) ** 2)) / (PROBES - 1);
  return { value, error: Math.sqrt(variance / PROBES) };
}

function total(sums: readonly SiteSum[], rows: number, exact: boolean): Estimate {
  const passes = Array.from(sums[0]?.passes ?? [], (_, k) => plus(sums.map(sum => sum.passes[k] as number)));
  return estimate(passes, rows, exact);
}

const times = ({ value, error }: Estimate, factor: number): Estimate => ({
  value: value * factor,
  error: error * factor,
});

async function siteL2(
  site: NoiseSite,
  loss: Loss,
  sum: SiteSum,
  sampled: Estimate,
  rows: number,
  exact: boolean,
): Promise<SiteL2> {
  const readers = site.readers ?? [];
  const penalty = estimate(sum.passes, rows, exact);
  const units = sum.units.map(v => v / rows);
  const norm = await squaredNorm(readers);
  const dense = denseReader(site);
  const shape = dense?.weights[0]?.read().shape as [number, number] | undefined;
  const canonical = loss.name === 'meanSquaredError' ? 'exact' : 'quadratic';
  return {
    name: site.name,
    keepProb: site.keepProb,
    isInput: site.isInput,
    theory: site.linear ? canonical : 'second order',
    penalty,
    sampled,
    meets: readers.map(({ layer }) => layer.name),
    units,
    lambda: await lambdaOfUnits(units, readers),
    weights: sum.weights && shape ? { values: sum.weights.map(v => v / rows), shape } : null,
    l2: norm > 0 ? times(penalty, 1 / norm) : null,
    sampledL2: norm > 0 ? times(sampled, 1 / norm) : null,
  };
}
