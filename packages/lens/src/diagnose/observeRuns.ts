/** The architecture, trained anew over seeds: the plain arm tells bias and variance, the pairs tell what dropout does. */
import { checkOptimizer } from '@keepprob/core/driver';
import { evaluateRows } from '@keepprob/trainer';
import { tellerOf } from '../finding/progress.ts';
import { dropoutsOf, warningsAbout } from '../model/dropoutsOf.ts';
import { bootstrap, type Measured, mean, meanOf, variance, withDegrees } from '../statistics/measured.ts';
import { columnMeans } from '../statistics/vectors.ts';
import { fallOf, MIN_WINDOW } from './curves.ts';
import type { CheckedOptions } from './diagnoseOptions.ts';
import { dropoutEffect } from './dropoutEffect.ts';
import { checkedModel, type ModelAndData, type Observed, scaleOf, tooFewRows } from './observed.ts';
import { pairedRuns, type Trained } from './pairedRuns.ts';

/** Updates of a run, unless told how many epochs. */
const UPDATES = 600;

export async function observeRuns(what: ModelAndData, given: CheckedOptions): Promise<Observed> {
  const { model, loss } = checkedModel(what);
  if (given.optimizer) checkOptimizer(given.optimizer);
  const { seeds, batchSize, confidence, signal, target } = given;
  const rows = (await evaluateRows(model, what.train, { loss, signal })).loss.length;
  const epochs = given.epochs ?? Math.max(1, Math.round(UPDATES / Math.ceil(rows / batchSize)));
  const tell = tellerOf('diagnose', given.progress);
  const arms = await pairedRuns(model, what.train, what.validation, { ...given, loss, epochs }, tell);
  const dropout = dropoutEffect(arms, confidence);

  const { plain } = arms;
  const [train, validation] = [averaged(plain, t => t.train), averaged(plain, t => t.validation)];
  const { a, b, difference } = bootstrap(train, validation, confidence, given.seed);
  const overSeeds = (m: Measured, of: (t: Trained) => number): Measured =>
    widened(m, variance(plain.map(of)) / seeds, seeds, confidence);
  const falls = plain.map(t => t.losses).filter(losses => losses.length >= MIN_WINDOW);
  const highest = Math.max(b.value, ...plain.flatMap(t => t.losses));
  const { baseline, about } = await scaleOf(what, loss, given, highest);
  const share = (of: (t: Trained) => Float32Array | null): number => mean(plain.map(t => mean(of(t) ?? [])));
  return {
    evidence: {
      train: overSeeds(a, t => mean(t.train)),
      gap: overSeeds(difference, t => mean(t.validation) - mean(t.train)),
      baseline,
      target,
      falls: falls.length
        ? {
            train: meanOf(
              falls.map(losses => fallOf(losses, confidence).value),
              confidence,
            ),
            validation: null,
          }
        : null,
    },
    validation: overSeeds(b, t => mean(t.validation)),
    errorRate: dropout.errorRate
      ? { train: share(t => t.trainWrong), validation: share(t => t.validationWrong) }
      : null,
    curves: null,
    rows: validation.length,
    dropout,
    tooFew: tooFewRows(train.length, validation.length),
    warnings: [...about, ...warningsAbout(dropoutsOf(model))],
  };
}

/** The mean over seeds, by row. */
const averaged = (plain: readonly Trained[], of: (t: Trained) => Float32Array): Float64Array =>
  columnMeans(plain.map(of));

/** Rows and seeds are both samples: their variances add up, and only the seeds are few. */
function widened({ value, error }: Measured, bySeeds: number, seeds: number, confidence: number): Measured {
  const total = error ** 2 + bySeeds;
  const degrees = bySeeds > 0 ? total ** 2 / (bySeeds ** 2 / (seeds - 1)) : 1e6;
  return withDegrees(value, Math.sqrt(total), degrees, confidence);
}
