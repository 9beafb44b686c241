import { checkOptions, DataError, OptionError } from '@keepprob/core';
import { show } from '@keepprob/core/driver';
import { draw } from '../finding/picture.ts';
import { adviceFor } from './advice.ts';
import { type CheckedOptions, type DiagnoseOptions, diagnoseSpecs } from './diagnoseOptions.ts';
import { diagnosisFigure, diagnosisText } from './diagnoseWords.ts';
import { judge, rowsToDecide } from './judge.ts';
import type { ModelAndData, Observed, RunLike } from './observed.ts';
import { observeHistories } from './observeHistories.ts';
import { observeRows } from './observeRows.ts';
import { observeRuns } from './observeRuns.ts';
import type { Diagnosis } from './types.ts';

/**
 * Tells whether a model has high bias or high variance, and what to do about it: from the curves of a run, from several runs with different seeds, or from
 * a model and its data, row by row.
 *
 * `underfits`: the training loss is far above the target. `overfits`: the validation loss is far above the training loss. `notConverged`: more
 * of the same training would change the answer. `leaks`: validation rows are easier than training rows. `fits`: none of these. `cannotTell`: there is
 * too little data for the confidence.
 *
 * With `measure: true` it also says whether dropout helps or hurts, or how many seeds it would take to tell, by training in pairs. Bias and variance are
 * those of the given model in either case. Training counts as over if the validation loss was lowest three epochs before the end, or if early stopping
 * ended it.
 * @example
 * const run = await fit(model, { x, y }, { ...options, validation, epochs: 5 });
 * (await diagnose(run)).verdict; // from the curves; several runs over seeds: diagnose([run1, run2, run3])
 * const { verdict, advice } = await diagnose({ model, train: { x, y }, validation, loss: 'categoricalCrossentropy' }); // row by row
 * @throws OptionError; DataError for data or a history that cannot be read; the reason of `signal`
 */
export async function diagnose(
  what: RunLike | readonly RunLike[] | ModelAndData,
  options: DiagnoseOptions = {},
): Promise<Diagnosis> {
  const given = checkOptions<DiagnoseOptions>('diagnose', diagnoseSpecs, options);
  if (typeof what !== 'object' || what === null) {
    throw DataError.of(
      'diagnose',
      'a run, a history, a list of these, or { model, train, validation, loss }',
      show(what),
    );
  }
  given.signal?.throwIfAborted();
  if ('model' in what || 'train' in what) {
    const subject = what as ModelAndData;
    return conclude(given.measure ? await observeRuns(subject, given) : await observeRows(subject, given), given);
  }
  if (given.measure)
    throw OptionError.of('diagnose', 'measure', 'true only with { model, train, validation, loss }', true);
  return conclude(observeHistories(Array.isArray(what) ? what : [what as RunLike], given), given);
}

function conclude(seen: Observed, given: CheckedOptions): Diagnosis {
  const { evidence, validation, errorRate, curves, rows, dropout, tooFew, warnings } = seen;
  const { train, gap, baseline, target, falls } = evidence;
  if (!(baseline > target)) {
    throw OptionError.of('diagnose', 'target', `a number below the baseline ${baseline}`, target);
  }
  const judged = judge(evidence, given.tolerance);
  const verdict = tooFew ? 'cannotTell' : judged.verdict;
  const unsure = verdict === 'cannotTell';
  const found = {
    ...judged,
    verdict,
    ...{ train, validation, gap, baseline, target, falls, errorRate, curves, dropout, warnings },
    reason: tooFew ?? judged.reason,
    rowsToDecide: unsure && rows ? rowsToDecide(evidence, given.tolerance, rows) : null,
    advice: adviceFor(verdict, dropout),
  } as const;
  return { ...found, text: diagnosisText(found, given), picture: () => draw(diagnosisFigure(found, given)) };
}
