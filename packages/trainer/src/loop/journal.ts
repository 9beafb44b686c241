import { ownValue } from '@keepprob/core/driver';
import type { Position } from '../checkpoint/parts.ts';
import { Averages } from '../objective/averages.ts';
import { type LogNames, renaming } from '../objective/logNames.ts';

/** The progress of a run and its history: kept by the loop, saved as a `Position`. */
export class Journal {
  /** The epoch in progress, or the next one. */
  epoch = 0;
  /** Updates done in it. */
  stepInEpoch = 0;
  readonly history: Record<string, readonly number[]> = {};
  /** Why a plugin wants training to end. */
  stopped: string | undefined;
  readonly #logs: LogNames;
  #averages = new Averages();

  constructor(logs: LogNames) {
    this.#logs = logs;
  }

  /** Continues from this position; logs of outputs get their current names. */
  resume({ epoch, stepInEpoch, history, logs, averages, stopped }: Position): void {
    const rename = renaming(logs, this.#logs);
    this.epoch = epoch;
    this.stepInEpoch = stepInEpoch;
    for (const [name, values] of Object.entries(history)) this.history[rename(name)] = values;
    this.stopped = stopped ?? undefined;
    this.#averages = new Averages(averages, rename);
  }

  /** Records an update on this number of rows, with its logs. */
  updated(rows: number, logs: Readonly<Record<string, number>>): void {
    this.stepInEpoch++;
    this.#averages.add(rows, logs);
  }

  /** The logs of the epoch's updates, as means over rows. */
  means(): Record<string, number> {
    return this.#averages.means();
  }

  /** Ends the epoch in progress and begins the next one. For logs that the epoch lacks, the history has NaN. */
  endEpoch(logs: Readonly<Record<string, number>>, stopped: string | undefined): void {
    const done = this.history.cost?.length ?? 0;
    for (const name of new Set([...Object.keys(this.history), ...Object.keys(logs)])) {
      const before = ownValue(this.history, name) ?? Array<number>(done).fill(Number.NaN);
      this.history[name] = [...before, ownValue(logs, name) ?? Number.NaN];
    }
    this.stopped = stopped;
    this.epoch++;
    this.stepInEpoch = 0;
    this.#averages = new Averages();
  }

  position(): Position {
    const { epoch, stepInEpoch, history, stopped = null } = this;
    return { epoch, stepInEpoch, history, logs: this.#logs, averages: this.#averages.state(), stopped };
  }
}
