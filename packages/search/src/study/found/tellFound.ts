/** What a search came to, from its ledger. */
import { importance } from '../../importance/importance.ts';
import type { Finish } from '../finish.ts';
import type { TrialState } from '../ledger.ts';
import { measuredOn } from '../progress.ts';
import { epochsOf, type Refitted } from '../refit.ts';
import { type Study, valuesAt } from '../study.ts';
import type { AgainstOff, Found, FoundTrial } from './found.ts';
import { wordsOf } from './words.ts';

export function tellFound<Values>(
  study: Study,
  finish: Finish,
  refitted: Refitted | null,
  stopped: string | null,
  journal: string | null,
): Found<Values> {
  const { chosen, pairs, conclusion } = finish;
  const { number: trial, point } = chosen;
  const { value, error, interval } = oriented(study, conclusion.value);
  const found = {
    chosen: {
      ...{ trial, point, values: valuesAt(study, point) as Values, value, error, interval },
      ...{ units: pairs.length, isConfirmed: pairs === study.freshPairs },
    },
    against: { off: againstOff(study, finish) },
    importance: importance(study.space.dimensions, study.ledger.told),
    trials: study.ledger.trials.map(state => foundTrial<Values>(study, state)),
    model: refitted?.model ?? null,
    scaling: refitted?.scaling ?? null,
    epochs: refitted?.epochs ?? epochsOf(chosen, pairs),
    ...{ journal, seed: study.seed, stopped },
  };
  return { ...found, text: wordsOf(study, found) };
}

type Interval = readonly [low: number, high: number];

/** As the metric has it, of numbers for which less is better. */
function oriented(
  { ledger: { sign } }: Study,
  {
    value,
    error,
    interval: [low, high],
  }: { readonly value: number; readonly error: number; readonly interval: Interval },
): { readonly value: number; readonly error: number; readonly interval: Interval } {
  return { value: sign * value, error, interval: sign === 1 ? [low, high] : [-high, -low] };
}

function againstOff(study: Study, { conclusion, off }: Finish): AgainstOff | null {
  const { against } = conclusion;
  if (!against || !off) return null;
  const { trial, difference, error, interval, verdict, units, unitsNeeded } = against;
  const { value, ...rest } = oriented(study, { value: difference, error, interval });
  return { off: off.number, trial, difference: value, ...rest, verdict, units, unitsNeeded };
}

function foundTrial<Values>(study: Study, trial: TrialState): FoundTrial<Values> {
  const { number, point, isOff, ended, units } = trial;
  const { value, error } = measuredOn(trial, study.pairs);
  const isMeasured = !Number.isNaN(value);
  return {
    ...{ number, point, values: valuesAt(study, point) as Values, isOff, state: ended?.state ?? 'running' },
    ...{ value: isMeasured ? value : null, error: isMeasured ? error : null, reason: ended?.reason ?? null },
    units: units.all,
  };
}
