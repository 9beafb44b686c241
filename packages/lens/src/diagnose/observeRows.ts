/** Evidence from a model as it is, row by row; the effect of dropout is measured on new models of the same architecture. */
import { DataError } from '@keepprob/core';
import { evaluateRows, type RowEvaluation } from '@keepprob/trainer';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { dropoutsOf, warningsAbout } from '../model/dropoutsOf.ts';
import { bootstrap, mean } from '../statistics/measured.ts';
import { enoughEpochs } from './curves.ts';
import type { CheckedOptions } from './diagnoseOptions.ts';
import { checkedModel, curvesOfRun, type ModelAndData, type Observed, scaleOf, tooFewRows } from './observed.ts';
import { fallsOf } from './observeHistories.ts';
import { metricsFor, wrongOf } from './pairedRuns.ts';

/** The error of the gap is from a bootstrap of the per-row losses. */
export async function observeRows(what: ModelAndData, given: CheckedOptions): Promise<Observed> {
  const { model, loss } = checkedModel(what);
  const { run = null } = what;
  const curves = run === null ? null : curvesOfRun(run);
  const how = { loss, metrics: metricsFor(loss), signal: given.signal };
  const train = await evaluateRows(model, what.train, how);
  const validation = await evaluateRows(model, what.validation, how);
  checkLosses(train, validation);
  const { a, b, difference } = bootstrap(train.loss, validation.loss, given.confidence, given.seed);
  const falls = curves && enoughEpochs(curves) ? fallsOf([curves], given.confidence) : null;
  const highest = Math.max(a.value, b.value, ...(curves ? [...curves.train, ...curves.validation] : []));
  const { baseline, about } = await scaleOf(what, loss, given, highest);
  const [wrongTrain, wrongValidation] = [wrongOf(train.accuracy), wrongOf(validation.accuracy)];
  const unknown = falls ? [] : ['Without its history, cannot tell whether training was over.'];
  return {
    evidence: { train: a, gap: difference, baseline, target: given.target, falls },
    validation: b,
    errorRate: wrongTrain && wrongValidation ? { train: mean(wrongTrain), validation: mean(wrongValidation) } : null,
    curves,
    rows: validation.loss.length,
    dropout: null,
    tooFew: tooFewRows(train.loss.length, validation.loss.length),
    warnings: [...about, ...unknown, ...aboutDropout(model, given)],
  };
}

function aboutDropout(model: LayersModel, { measure }: CheckedOptions): string[] {
  const dropouts = dropoutsOf(model);
  if (dropouts.length || measure) return warningsAbout(dropouts);
  return ['The model has no dropout. Whether it would help can only be measured, by training with and without it.'];
}

function checkLosses(...all: readonly RowEvaluation[]): void {
  for (const { loss } of all) {
    const bad = loss.find(value => !Number.isFinite(value));
    if (bad !== undefined) throw DataError.of('diagnose', 'a finite loss for each row', String(bad));
  }
}
