/** Reads the records of a journal as entries. The file may come from anywhere: nothing in it is trusted, and records of other programs are skipped. */
import type { UnitResult } from '../contract.ts';
import { SearchError } from '../errors.ts';
import * as messages from '../messages.ts';
import { type Fields, isFields, isIndex, isNumber, isPoint } from './checks.ts';
import type { Ended, Entry, Header, StoppedUnit } from './entries.ts';
import { isOutcome } from './outcome.ts';
import { ATTRIBUTE, OP, STATES } from './records.ts';

export interface ReadJournal {
  readonly entries: readonly Entry[];
  /** Optuna's id of each trial of this search. */
  readonly ids: readonly number[];
  /** Number of all trials, including those of others: the next id. */
  readonly nextId: number;
  /** Number of lines up to the end of the last entry. */
  readonly lines: number;
}

/** @throws SearchError `damaged` for a line that is not a record, and for a journal that was not started by this package */
export function readJournal(path: string, text: string): ReadJournal {
  const reading = new Reading(path);
  const lines = text.split('\n');
  // text after the last newline is cut off, and so is an entry without its last record
  lines.pop();
  let whole = 0;
  for (const [i, line] of lines.entries()) {
    if (reading.parsed(line, i + 1).more === true) continue;
    for (; whole <= i; whole++) reading.take(lines[whole] ?? '', whole + 1);
  }
  const { entries, ids, nextId } = reading;
  return { entries, ids, nextId, lines: whole };
}

class Reading implements Omit<ReadJournal, 'lines'> {
  readonly entries: Entry[] = [];
  readonly ids: number[] = [];
  nextId = 0;
  #studies = 0;
  readonly #trialOf = new Map<unknown, number>();
  readonly #reasons = new Map<number, string>();
  readonly #stopped = new Map<number, StoppedUnit>();
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  take(line: string, number: number): void {
    const record = this.parsed(line, number);
    if (record.op_code === OP.createStudy) this.#search(record);
    else if (record.op_code === OP.createTrial) this.#trial(record);
    else if (record.op_code === OP.trialAttribute) this.#unit(record, number);
    else if (record.op_code === OP.studyAttribute) this.#ofSearch(record, number);
    else if (record.op_code === OP.endTrial) this.#end(record);
  }

  #search({ keepprob }: Fields): void {
    if (this.#studies++ > 0) return;
    if (isHeader(keepprob)) this.entries.push({ type: 'search', header: keepprob });
  }

  #unit({ trial_id, system_attr }: Fields, line: number): void {
    const trial = this.#trialOf.get(trial_id);
    if (trial === undefined) return;
    for (const [name, value] of attributes(system_attr)) {
      if (name === ATTRIBUTE.reason) this.#reasons.set(trial, String(value));
      if (name === ATTRIBUTE.stopped) {
        const stopped = stoppedOf(value);
        if (stopped?.trial !== trial) throw this.#damaged(line);
        this.#stopped.set(trial, stopped);
      }
      if (!name.startsWith(ATTRIBUTE.unit)) continue;
      const result = resultOf(value);
      if (result?.trial !== trial) throw this.#damaged(line);
      this.entries.push({ type: 'unit', result });
    }
  }

  #ofSearch({ study_id, system_attr }: Fields, line: number): void {
    if (study_id !== 0) return;
    for (const [name, value] of attributes(system_attr)) {
      if (name === ATTRIBUTE.outcome) {
        if (!isOutcome(value, this.ids.length)) throw this.#damaged(line);
        this.entries.push({ type: 'outcome', outcome: value });
      }
      if (!name.startsWith(ATTRIBUTE.confirmed)) continue;
      const result = resultOf(value);
      if (!result || result.trial >= this.ids.length) throw this.#damaged(line);
      this.entries.push({ type: 'confirmed', result });
    }
  }

  #end(record: Fields): void {
    const trial = this.#trialOf.get(record.trial_id);
    const ended = endOf(record);
    if (trial === undefined || !ended) return;
    const reason = ended.state === 'failed' ? (this.#reasons.get(trial) ?? '') : null;
    const stopped = ended.state === 'pruned' ? this.#stopped.get(trial) : undefined;
    this.entries.push({ type: 'end', trial, ...ended, reason, ...(stopped && { stopped }) });
  }

  #damaged(line: number): SearchError {
    return new SearchError('damaged', messages.journalDamaged(this.#path, line));
  }

  parsed(line: string, number: number): Fields {
    let record: unknown;
    try {
      record = JSON.parse(line);
    } catch {
      // reported below
    }
    if (!isFields(record)) throw this.#damaged(number);
    if (number === 1 && !(record.op_code === OP.createStudy && isHeader(record.keepprob)))
      throw new SearchError('damaged', messages.notOurs(this.#path));
    return record;
  }

  /** A trial of this search has a point; other trials only use up an id. */
  #trial({ study_id, system_attrs }: Fields): void {
    if (!isIndex(study_id) || study_id >= this.#studies) return;
    const id = this.nextId++;
    const point = isFields(system_attrs) ? system_attrs[ATTRIBUTE.point] : undefined;
    if (study_id !== 0 || !isPoint(point)) return;
    const trial = this.ids.push(id) - 1;
    this.#trialOf.set(id, trial);
    const isOff = isFields(system_attrs) && system_attrs[ATTRIBUTE.off] === true;
    this.entries.push({ type: 'trial', trial, point, isOff });
  }
}

const attributes = (of: unknown): [string, unknown][] => (isFields(of) ? Object.entries(of) : []);

function endOf({ state, values }: Fields): Pick<Ended, 'state' | 'value'> | undefined {
  const value = Array.isArray(values) && isNumber(values[0]) ? values[0] : null;
  if (state === STATES.complete && value !== null) return { state: 'complete', value };
  if (state === STATES.pruned) return { state: 'pruned', value };
  return state === STATES.failed ? { state: 'failed', value: null } : undefined;
}

/** JSON writes NaN, as the value of an epoch, as null. */
function resultOf(fields: unknown): UnitResult | undefined {
  const unit = stoppedOf(fields);
  if (!unit || !isFields(fields)) return undefined;
  const { value, train, epochs, seconds, backend } = fields;
  if (!isNumber(value) || !(train === null || isNumber(train)) || !isNumber(seconds)) return undefined;
  if (typeof backend !== 'string' || !isIndex(epochs)) return undefined;
  return { ...unit, value, train, epochs, seconds, backend };
}

function stoppedOf(fields: unknown): StoppedUnit | undefined {
  if (!isFields(fields)) return undefined;
  const { trial, fold, seed, curve } = fields;
  if (!isIndex(trial) || !isIndex(fold) || !isIndex(seed) || !Array.isArray(curve)) return undefined;
  return { trial, fold, seed, curve: curve.map(v => (isNumber(v) ? v : Number.NaN)) };
}

function isHeader(value: unknown): value is Header {
  if (!isFields(value)) return false;
  const { format, data, metric, scale, seed, mode } = value;
  const isText =
    typeof data === 'string' && typeof metric === 'string' && (scale === null || typeof scale === 'string');
  return format === 1 && isText && isIndex(seed) && (mode === 'min' || mode === 'max');
}
