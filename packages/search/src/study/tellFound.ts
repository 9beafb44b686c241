/** What a search came to, from its ledger. */

import { importance } from '../importance/importance.ts';
import { againstOff } from './against.ts';
import type { Conclusion } from './conclude.ts';
import type { Found, FoundTrial } from './found.ts';
import type { TrialState } from './ledger.ts';
import { measuredOn } from './progress.ts';
import { epochsOf, type Refitted } from './refit.ts';
import { type Study, valuesAt } from './study.ts';
import { wordsOf } from './words.ts';

export function tellFound<Values>(
  study: Study,
  conclusion: Conclusion,
  refitted: Refitted | null,
  stopped: string | null,
  journal: string | null,
): Found<Values> {
  const { chosen, pairs } = conclusion;
  const { number: trial, point } = chosen;
  const found = {
    chosen: {
      ...{ trial, point, values: valuesAt(study, point) as Values, ...measuredOn(chosen, pairs) },
      ...{ units: pairs.length, isConfirmed: pairs === study.freshPairs },
    },
    against: { off: againstOff(study, conclusion) },
    importance: importance(study.space.dimensions, study.ledger.told),
    trials: study.ledger.trials.map(state => foundTrial<Values>(study, state)),
    model: refitted?.model ?? null,
    epochs: refitted?.epochs ?? epochsOf(chosen, pairs),
    ...{ journal, seed: study.seed, stopped },
  };
  return { ...found, text: wordsOf(study, found) };
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
