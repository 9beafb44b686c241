/** The state of a search: every trial with its units. An entry is written to the journal before it counts. */

import { mean } from '@keepprob/lens/statistics';
import type { FoldAndSeed } from '../choice/confirm.ts';
import type { Point, Told, UnitResult } from '../contract.ts';
import { SearchError } from '../errors.ts';
import type { Ended, Entry, Journal, Outcome } from '../journal/entries.ts';
import * as messages from '../messages.ts';
import { isSame } from '../space/plain.ts';
import { Units, type UnitsOfTrial } from './units.ts';

/** A trial so far. */
export interface TrialState {
  readonly number: number;
  readonly point: Point;
  /** Whether its regularizers are switched off. */
  readonly isOff: boolean;
  /** Its units, including those on fresh pairs. */
  readonly units: UnitsOfTrial;
  readonly ended: Ended | null;
}

interface Writable extends TrialState {
  readonly units: Units;
  ended: Ended | null;
}

export class Ledger {
  readonly #journal: Journal;
  readonly #trials: Writable[] = [];
  #outcome: Outcome | null = null;
  /** 1 if lower values of the metric are better, −1 if higher ones are. */
  readonly sign: 1 | -1;

  /** @throws SearchError `damaged` for inconsistent entries */
  constructor(journal: Journal, sign: 1 | -1) {
    this.#journal = journal;
    this.sign = sign;
    for (const entry of journal.entries) this.#apply(entry);
  }

  get trials(): readonly TrialState[] {
    return this.#trials;
  }

  /**
   * The trials that were suggested, in order, including "off" as trial 0. The chosen trial with its regularizers off, which is measured at each end of a
   * search, is not included, so that a search that is continued after its end suggests the same points as one that never ended.
   */
  get counted(): readonly TrialState[] {
    return this.#trials.filter(({ isOff, number }) => !isOff || number === 0);
  }

  get complete(): readonly TrialState[] {
    return this.counted.filter(({ ended }) => ended?.state === 'complete');
  }

  get running(): readonly TrialState[] {
    return this.counted.filter(({ ended }) => ended === null);
  }

  /** The trials in the form that samplers receive. */
  get told(): readonly Told[] {
    return this.counted.map(({ point, ended }, number) => {
      const value = ended?.value ?? null;
      return { number, point, state: ended?.state ?? 'running', value: value === null ? null : this.sign * value };
    });
  }

  /** Adds a trial with the next number. */
  async begin(point: Point, isOff: boolean): Promise<TrialState> {
    const number = this.#trials.length;
    await this.#write({ type: 'trial', trial: number, point, isOff });
    return this.of(number);
  }

  /** @param isFresh whether it was measured after the trial ended, on a fresh pair */
  async record(result: UnitResult, isFresh: boolean): Promise<void> {
    await this.#write({ type: isFresh ? 'confirmed' : 'unit', result });
  }

  async end(trial: number, ended: Ended): Promise<void> {
    await this.#write({ type: 'end', trial, ...ended });
  }

  /** The outcome of the search; null if it has continued since. */
  get outcome(): Outcome | null {
    return this.#outcome;
  }

  async conclude(outcome: Outcome): Promise<void> {
    if (!isSame(JSON.parse(JSON.stringify(outcome)), this.#outcome)) await this.#write({ type: 'outcome', outcome });
  }

  of(trial: number): TrialState {
    return this.#of(trial);
  }

  #of(trial: number): Writable {
    const found = this.#trials[trial];
    if (!found) throw new SearchError('damaged', messages.noTrial(this.#journal.path, trial));
    return found;
  }

  async #write(entry: Entry): Promise<void> {
    await this.#journal.append([entry]);
    this.#apply(entry);
  }

  #apply(entry: Entry): void {
    this.#outcome = entry.type === 'outcome' ? entry.outcome : null;
    if (entry.type === 'trial') {
      const { trial: number, point, isOff } = entry;
      this.#trials.push({ number, point, isOff, units: new Units(), ended: null });
    } else if (entry.type === 'unit' || entry.type === 'confirmed') {
      const { result } = entry;
      this.#of(result.trial).units.add(result);
    } else if (entry.type === 'end') {
      const { type: _, trial, ...ended } = entry;
      this.#of(trial).ended ??= ended;
    }
  }
}

/** The mean over those of these pairs that the trial was measured on, in their order. */
export const meanOver = ({ units }: TrialState, pairs: readonly FoldAndSeed[]): number =>
  mean(units.of(pairs).map(({ value }) => value));

/** The metric after each epoch of the trial's unit on this pair, as far as it ran; null if there is no such unit. */
export function curveAt({ units, ended }: TrialState, pair: FoldAndSeed): readonly number[] | null {
  const { stopped } = ended ?? {};
  const isThere = stopped?.fold === pair.fold && stopped.seed === pair.seed;
  return units.at(pair)?.curve ?? (isThere ? stopped.curve : null);
}

/** Whether the trial was measured on all of these pairs. */
export const isWhole = ({ units }: TrialState, pairs: readonly FoldAndSeed[]): boolean =>
  pairs.every(pair => units.has(pair));
