/** The end of a search: the best again on fresh pairs, the choice among them, and the chosen one next to itself with its regularizers off. */
import type { Candidate } from '../contract.ts';
import { SearchError } from '../errors.ts';
import * as messages from '../messages.ts';
import { off } from '../space/off.ts';
import { keyOf } from '../space/points.ts';
import type { TrialState } from './ledger.ts';
import { ranked, type Study, tell, waveOf } from './study.ts';
import type { FoldAndSeed } from './units.ts';
import { runWave } from './wave.ts';

export interface Conclusion {
  readonly chosen: TrialState;
  /** The same point with its regularizers off; the chosen one itself where they are off in it; null where nothing has an "off", or it failed. */
  readonly off: TrialState | null;
  /** The pairs that the choice and the comparison rest on. */
  readonly pairs: readonly FoldAndSeed[];
}

/**
 * @param isConfirming false after an abort: then the choice rests on what there is
 * @throws SearchError `nothing` where no trial is complete
 */
export async function conclude(study: Study, isConfirming: boolean): Promise<Conclusion> {
  const best = study.ledger.complete.length;
  if (best === 0) throw new SearchError('nothing', messages.nothing(study.ledger.trials.length));
  if (!isConfirming || !study.options.confirm) return choose(study, study.ledger.complete, study.pairs, isConfirming);
  const candidates = leading(study, study.options.confirm.top);
  await tell(study, { type: 'confirm' });
  const confirmed = await runWave(waveOf(study, true, null), candidates);
  const whole = confirmed.filter(({ units }) => study.freshPairs.every(pair => units.has(pair)));
  if (whole.length === 0 || study.signal.aborted) return choose(study, study.ledger.complete, study.pairs, false);
  return choose(study, whole, study.freshPairs, true);
}

/** The best, and "off" in any case. */
function leading({ ledger }: Study, top: number): readonly TrialState[] {
  const [first, ...others] = [ranked(ledger).slice(0, top), ranked(ledger).slice(top)];
  return [...first, ...others.flat().filter(({ isOff }) => isOff)];
}

async function choose(
  study: Study,
  trials: readonly TrialState[],
  pairs: readonly FoldAndSeed[],
  isMeasuring: boolean,
): Promise<Conclusion> {
  const { options, space, ledger } = study;
  const candidates = trials.map(trial => candidateOf(trial, pairs, ledger.sign));
  const { number } = options.choose.choose(candidates, space.dimensions);
  const chosen = ledger.of(number);
  return { chosen, off: await twinOf(study, chosen, pairs, isMeasuring), pairs };
}

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
  const isWhole = ({ units }: TrialState): boolean => pairs.every(pair => units.has(pair));
  const known = ledger.trials.find(trial => keyOf(space.dimensions, trial.point) === keyOf(space.dimensions, offPoint));
  if (known && isWhole(known)) return known;
  if (!isMeasuring || known?.ended?.state === 'failed') return null;
  const twin = known ?? (await ledger.begin(offPoint, true));
  if (twin.ended === null) await runWave(waveOf(study, false, null), [twin]);
  if (!isWhole(twin) && twin.ended?.state !== 'failed') await runWave(waveOf(study, true, null), [twin]);
  return isWhole(twin) ? twin : null;
}
