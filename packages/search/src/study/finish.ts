/** The end of a search: measures the best trials again on fresh pairs, chooses one, and compares it with itself with its regularizers off. */
import { type Conclusion, conclude } from '../choice/conclude.ts';
import { type FoldAndSeed, leading } from '../choice/confirm.ts';
import type { Candidate, Chooser } from '../contract.ts';
import { SearchError } from '../errors.ts';
import * as messages from '../messages.ts';
import { off } from '../space/off.ts';
import { keyOf } from '../space/points.ts';
import { testShare } from '../statistics/corrected.ts';
import { isWhole, type TrialState } from './ledger.ts';
import { ranked, type Study, tell, waveOf } from './study.ts';
import { runWave } from './wave.ts';

export interface Finish {
  readonly chosen: TrialState;
  /** The results behind the choice, with values oriented so that lower is better. */
  readonly conclusion: Conclusion;
  /** The trial whose regularizers are off; null if nothing has an "off", or it could not be measured. */
  readonly off: TrialState | null;
  /** The pairs that the choice and the comparison rest on. */
  readonly pairs: readonly FoldAndSeed[];
}

/**
 * @param isMeasuring false after an abort: then only existing results are used
 * @throws SearchError `nothing` if no trial is complete
 */
export async function finish(study: Study, isMeasuring: boolean): Promise<Finish> {
  const { ledger, options, freshPairs, signal } = study;
  if (ledger.complete.length === 0) throw new SearchError('nothing', messages.nothing(ledger.trials.length));
  if (!isMeasuring || !options.confirm) return choose(study, ledger.complete, study.pairs, isMeasuring);
  await tell(study, { type: 'confirm' });
  const best = leading(ranked(ledger, 'complete'), ranked(ledger, 'pruned'), options.confirm.top);
  const confirmed = await runWave(waveOf(study, true, null), best);
  const whole = confirmed.filter(trial => isWhole(trial, freshPairs));
  if (whole.length === 0 || signal.aborted) return choose(study, ledger.complete, study.pairs, false);
  return choose(study, whole, freshPairs, true);
}

async function choose(
  study: Study,
  trials: readonly TrialState[],
  pairs: readonly FoldAndSeed[],
  isMeasuring: boolean,
): Promise<Finish> {
  const { options, space, ledger, task } = study;
  const candidates = trials.map(trial => candidateOf(trial, pairs, ledger.sign));
  const first = options.choose.choose(candidates, space.dimensions);
  const chosen = ledger.of(first.number);
  const twin = await twinOf(study, chosen, pairs, isMeasuring);
  // "off" with a different learning rate, for example, is not a candidate for its regularization
  const rivals = candidates.filter(({ number }) => number === first.number || !ledger.of(number).isOff);
  const isAmong = !twin || rivals.some(({ number }) => number === twin.number);
  const all = isAmong ? rivals : [...rivals, candidateOf(twin, pairs, ledger.sign)];
  const conclusion = conclude(all, {
    choose: alreadyChosen(first),
    off: twin?.number ?? null,
    dimensions: space.dimensions,
    ratio: testShare(pairs.flatMap(({ fold }) => task.splits[fold] ?? [])),
  });
  return { chosen, conclusion, off: twin, pairs };
}

const alreadyChosen = (candidate: Candidate): Chooser => ({ name: 'chosen', choose: () => candidate });

const candidateOf = ({ number, point, units }: TrialState, pairs: readonly FoldAndSeed[], sign: number): Candidate => ({
  number,
  point,
  results: units.of(pairs).map(({ fold, seed, value }) => ({ fold, seed, value: sign * value })),
});

/** The chosen point with its regularizers off, measured on the same pairs; it may be one of the trials. */
async function twinOf(
  study: Study,
  { point }: TrialState,
  pairs: readonly FoldAndSeed[],
  isMeasuring: boolean,
): Promise<TrialState | null> {
  const { space, ledger } = study;
  const offPoint = off(space.dimensions, point);
  if (!offPoint) return null;
  const known = ledger.trials.find(trial => keyOf(space.dimensions, trial.point) === keyOf(space.dimensions, offPoint));
  if (known && isWhole(known, pairs)) return known;
  if (!isMeasuring || known?.ended?.state === 'failed') return null;
  const twin = known ?? (await ledger.begin(offPoint, true));
  if (twin.ended === null) await runWave(waveOf(study, false, null), [twin]);
  if (!isWhole(twin, pairs) && twin.ended?.state !== 'failed') await runWave(waveOf(study, true, null), [twin]);
  return isWhole(twin, pairs) ? twin : null;
}
