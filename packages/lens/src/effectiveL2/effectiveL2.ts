import { checkOptions, DataError, OptionError, option } from '@keepprob/core';
import { checkModel } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Finding } from '../finding/finding.ts';
import { draw } from '../finding/picture.ts';
import { warningsAbout } from '../model/dropoutsOf.ts';
import { type NoiseSites, sitesFor, sitesOf } from '../model/noiseSites.ts';
import { dropoutOptions } from '../model/questionOptions.ts';
import { type Data, openRows, rowsPerPass } from '../model/rows.ts';
import { infer } from '../model/tap.ts';
import { suggestKeepProbs } from '../suggest/suggestKeepProbs.ts';
import { type Loss, type LossName, labelsFor, lossNames, lossOf } from './curvature.ts';
import { figureOfL2, textOfL2 } from './effectiveL2Words.ts';
import { type Estimate, samplePenalty } from './sampledPenalty.ts';
import { isExact, type SiteSum, secondOrderSums } from './secondOrder.ts';
import { siteL2, total } from './siteL2.ts';
import type { EffectiveL2 } from './types.ts';

type KeepProbs = Readonly<Record<string, number>>;

/** Options of `effectiveL2`. */
export interface EffectiveL2Options {
  /** Dropout as `keepProbs(model, table)` of @keepprob/dropout would insert it; by default the model's own. */
  readonly keepProbs?: KeepProbs | null;
  /** With `keepProbs`: keepProb of the input, or of each input by name; 1 by default. */
  readonly input?: number | KeepProbs;
  /** The loss; by default the one that the model was compiled with, or else the one that matches the activation of its output. */
  readonly loss?: LossName | null;
  /** Minimum number of masks per row; by default enough for 8,192 dropped rows, and at least 8. */
  readonly samples?: number | null;
  /** The seed of the sampled masks; 0 by default. */
  readonly seed?: number;
  /** The update at which schedules of keepProb are read; 0 by default. */
  readonly step?: number;
  /** The epoch at which schedules of keepProb are read; 0 by default. */
  readonly epoch?: number;
}

const FEW_ROWS = 30;

const wholeNumber = option.number({ min: 0, integer: true, fallback: 0 });
const specs = {
  ...dropoutOptions,
  loss: option.orNull(option.oneOf(lossNames)),
  samples: option.orNull(option.number({ min: 2, integer: true })),
  seed: wholeNumber,
  step: wholeNumber,
  epoch: wholeNumber,
};

/**
 * Dropout as an adaptive L2 penalty: R = E loss(dropped) − loss ≈ Σ λ_j w_j², with λ_j from the activations that w_j multiplies. The theoretical value
 * always comes with the same number sampled over masks, and its standard error. Nothing is clamped: the sampled penalty can be negative (Helmbold & Long
 * 2015). The model and its runs do not change; batch norm uses its moving statistics.
 *
 * Without `keepProbs`, the dropout is the model's own, or, if there is none, that suggested by `suggestKeepProbs`.
 * @example
 * const { sites, text } = await effectiveL2(model, { x, y }, { keepProbs: { hidden1: 0.5 }, input: 0.9 });
 * sites.map(({ name }) => name).length; // 2
 * @throws OptionError for an unbuilt model, several outputs, an unknown layer or a bad option; DataError for data or weights that are not finite
 */
export async function effectiveL2(
  model: LayersModel,
  data: Data,
  options: EffectiveL2Options = {},
): Promise<EffectiveL2> {
  const checked = checkOptions<EffectiveL2Options>('effectiveL2', specs, options);
  checkModel(model, 'effectiveL2');
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
    const sums = await secondOrderSums(model, loss, measured, sites, { seed: checked.seed, batch });
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
        ...(rows.count < FEW_ROWS ? [`Only ${rows.count} rows: their activations may not be representative.`] : []),
      ],
    };
    return { ...result, text: textOfL2(result), picture: () => draw(figureOfL2(result)) };
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
  const one = tf.tidy(() =>
    infer(
      model,
      inputs.map(x => tf.slice(x, 0, 1)),
    ),
  );
  one.dispose();
  return [rows, ...one.shape.slice(1)];
};
