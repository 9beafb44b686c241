/** Builds the result of a search from its ledger. */
import type { FoldAndSeed } from '../../choice/confirm.ts';
import { importance } from '../../importance/importance.ts';
import type { Outcome } from '../../journal/entries.ts';
import type { Finish } from '../finish.ts';
import type { TrialState } from '../ledger.ts';
import { measuredOn } from '../progress.ts';
import { epochsOf, type Refitted } from '../refit.ts';
import { type Study, valuesAt } from '../study.ts';
import type { AgainstOff, ChosenTrial, Found, FoundTrial, NestedEstimate, Searched } from './found.ts';
import { wordsOf } from './words.ts';

export function tellFound<Values>(
  study: Study,
  finish: Finish,
  { refitted, ...more }: Pick<Found, 'nested' | 'stopped' | 'journal'> & { readonly refitted: Refitted | null },
): Found<Values> {
  const { chosen, pairs } = finish;
  const found = {
    searched: searchedBy(study),
    chosen: chosenTrial<Values>(study, finish),
    against: { off: againstOff(study, finish) },
    importance: importance(study.space.dimensions, study.ledger.told),
    trials: study.ledger.trials.map(state => ({
      ...foundTrial(state, study.pairs),
      values: valuesAt(study, state.point) as Values,
    })),
    model: refitted?.model ?? null,
    scaling: refitted?.scaling ?? null,
    epochs: refitted?.epochs ?? epochsOf(chosen, pairs),
    ...more,
    seed: study.seed,
  };
  const draw = async (): Promise<string> => (await import('../../report/picture.ts')).pictureOf(found);
  return Object.assign(new Pictured(draw), found, { text: wordsOf(found) });
}

/** Provides `picture` on the prototype, so that only the numbers are copied, compared and sent. */
class Pictured {
  readonly #draw: () => Promise<string>;

  constructor(draw: () => Promise<string>) {
    this.#draw = draw;
  }

  picture(): Promise<string> {
    return this.#draw();
  }
}

/** The outcome for the journal, with all that a report needs. */
export const outcomeOf = (
  study: Study,
  finish: Finish,
  stopped: string | null,
  nested: NestedEstimate | null,
): Outcome => ({
  chosen: chosenTrial(study, finish),
  against: againstOff(study, finish),
  nested,
  rows: study.task.table.count,
  stopped,
});

const searchedBy = ({ options, space, task, ledger, pairs, freshPairs }: Study): Searched => ({
  ...{ metric: options.metric, mode: ledger.sign === 1 ? 'min' : 'max', dimensions: space.dimensions },
  ...{ folds: { name: options.folds.name, options: options.folds.options }, scale: options.scale },
  ...{ rows: task.table.count, pairs, freshPairs },
});

function chosenTrial<Values>(study: Study, { chosen, pairs, conclusion }: Finish): ChosenTrial<Values> {
  const { number: trial, point } = chosen;
  return {
    ...{ trial, point, values: valuesAt(study, point) as Values, ...oriented(study, conclusion.value) },
    ...{ units: pairs.length, isConfirmed: pairs === study.freshPairs },
  };
}

type Interval = readonly [low: number, high: number];

/** Converts numbers for which lower is better back to the orientation of the metric. */
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

/** A trial without its values, which only the space can compute from its point. */
export function foundTrial(trial: TrialState, pairs: readonly FoldAndSeed[]): Omit<FoundTrial, 'values'> {
  const { number, point, isOff, ended, units } = trial;
  const { value, error } = measuredOn(trial, pairs);
  const isMeasured = !Number.isNaN(value);
  return {
    ...{ number, point, isOff, state: ended?.state ?? 'running' },
    ...{ value: isMeasured ? value : null, error: isMeasured ? error : null, reason: ended?.reason ?? null },
    units: units.all,
  };
}
