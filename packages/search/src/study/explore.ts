/** The search itself: proposes points and computes their trials, wave by wave. */
import { SearchError } from '../errors.ts';
import * as messages from '../messages.ts';
import { randomOf } from '../samplers/randomOf.ts';
import { off } from '../space/off.ts';
import type { TrialState } from './ledger.ts';
import { type Study, tell, waveOf } from './study.ts';
import { runWave } from './wave.ts';

/** The search ends after this many trials in a row that fail for the same reason. */
const MOST_FAILURES = 3;

/**
 * Finishes the trials that an interruption left running, then runs one wave after the other.
 * @returns why it ended before its last trial; null if it did not
 * @throws SearchError `failing`, or if the engine or the journal fails
 */
export async function explore(study: Study): Promise<string | null> {
  const { options, ledger, signal } = study;
  const wave = waveOf(study, false, options.pruner);
  const ended: TrialState[] = [];
  const run = async (trials: readonly TrialState[]): Promise<void> => {
    await runWave(wave, trials);
    ended.push(...trials.filter(trial => trial.ended !== null));
    checkFailures(ended.slice(-MOST_FAILURES));
  };
  const left = ledger.running;
  if (left.length > 0) await run(left);
  for (;;) {
    if (signal.aborted) return 'aborted';
    if (isOverdue(study)) return messages.overdue(options.maxTime ?? 0);
    const asked = await ask(study);
    if (asked.length === 0) return null;
    await run(asked);
  }
}

const isOverdue = ({ options, clock }: Study): boolean =>
  performance.now() - clock.began >= (options.maxTime ?? Number.POSITIVE_INFINITY);

/** As many new trials as the engine has room for; none if all trials were run, or the sampler has no more points. */
async function ask(study: Study): Promise<readonly TrialState[]> {
  const { options, ledger, pool, space, seed } = study;
  const asked: TrialState[] = [];
  const counted = ledger.counted.length;
  while (asked.length < Math.min(pool.size, options.trials - counted)) {
    const { told } = ledger;
    const offPoint = told.length === 0 ? off(space.dimensions) : null;
    const point = offPoint ?? options.sampler.suggest(space.dimensions, told, randomOf(seed, told.length));
    if (!point) break;
    const trial = await ledger.begin(point, offPoint !== null);
    asked.push(trial);
    await tell(study, { type: 'trial', trial: trial.number });
  }
  return asked;
}

/** @throws SearchError if the last trials all failed for the same reason, ignoring numbers in it */
function checkFailures(last: readonly TrialState[]): void {
  const reasons = last.map(({ ended }) => ended?.reason ?? null);
  const [reason] = reasons;
  if (last.length < MOST_FAILURES || reason === null || reason === undefined) return;
  const causes = new Set(reasons.map(text => text?.replace(/\d+(\.\d+)?/g, '#')));
  if (causes.size === 1) throw new SearchError('failing', messages.failing(MOST_FAILURES, reason));
}
