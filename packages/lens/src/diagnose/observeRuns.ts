/** Evidence from the model as it is, and the effect of dropout from new models of the same architecture, trained in pairs over seeds. */
import { checkOptimizer } from '@keepprob/core/driver';
import { evaluateRows } from '@keepprob/trainer';
import { tellerOf } from '../finding/progress.ts';
import { meanOf } from '../statistics/measured.ts';
import { fallOf, MIN_WINDOW } from './curves.ts';
import type { CheckedOptions } from './diagnoseOptions.ts';
import { dropoutEffect } from './dropoutEffect.ts';
import { checkedModel, type ModelAndData, type Observed } from './observed.ts';
import { observeRows } from './observeRows.ts';
import { type Arms, pairedRuns } from './pairedRuns.ts';

/** Number of updates of a run, unless `epochs` is given. */
const UPDATES = 600;

export async function observeRuns(what: ModelAndData, given: CheckedOptions): Promise<Observed> {
  const { model, loss } = checkedModel(what);
  if (given.optimizer) checkOptimizer(given.optimizer);
  const { batchSize, confidence, signal } = given;
  const rows = (await evaluateRows(model, what.train, { loss, signal })).loss.length;
  const perEpoch = Math.ceil(rows / batchSize);
  const epochs = given.epochs ?? Math.max(1, Math.round(UPDATES / perEpoch));
  const tell = tellerOf('diagnose', given.progress);
  const arms = await pairedRuns(model, what.train, what.validation, { ...given, loss, epochs }, tell);
  const updates = epochs * perEpoch;
  const seen = await observeRows(what, given);
  const { baseline, target } = seen.evidence;
  const least = ((baseline - target) * given.tolerance) / 2;
  const dropout = {
    ...dropoutEffect(arms, updates, confidence),
    warnings: undertrained(arms, least, updates, confidence),
  };
  return { ...seen, dropout };
}

/**
 * Training with dropout is slow: dropout that hurts after 600 updates may help after 6,000. Warns if the training loss with dropout was still falling by
 * more than `least` over the last third of its runs, or if the runs are too short to tell.
 */
function undertrained({ dropout }: Arms, least: number, updates: number, confidence: number): string[] {
  const curves = dropout.map(({ losses }) => losses);
  const advice = 'Training takes longer with dropout: try again with more epochs before concluding that it hurts.';
  const after = `after ${updates.toLocaleString('en')} updates`;
  if (!curves.every(losses => losses.length >= MIN_WINDOW))
    return [
      `Fewer than ${MIN_WINDOW} epochs are too few to tell whether the runs with dropout were long enough. ${advice}`,
    ];
  const falls = meanOf(
    curves.map(losses => fallOf(losses, confidence).value),
    confidence,
  );
  // warns when in doubt: two standard errors, whatever the number of seeds
  if (!(falls.value > 2 * falls.error && falls.value > least)) return [];
  return [`With dropout, the training loss was still falling ${after}. ${advice}`];
}
