/** The display of a search: a line for each finished trial and, on a terminal, the progress below them. */
import type { SearchEvent, SearchListener } from '@keepprob/search';
import progress from 'cli-progress';

/** The most columns that it uses. */
const COLUMNS = 100;
const BAR = 20;

export interface View {
  readonly tell: SearchListener;
  stop(): void;
}

export interface ViewOptions {
  readonly kind: 'bar' | 'lines' | 'none';
  readonly metric: string;
  readonly trials: number;
}

export function viewOf({ kind, metric, trials }: ViewOptions): View {
  const quiet = { tell: () => undefined, stop: () => undefined };
  if (kind === 'none') return quiet;
  const write = (event: SearchEvent): void => {
    const line = lineOf(event, metric);
    if (line !== null) console.log(line);
  };
  if (kind === 'lines' || process.stderr.isTTY !== true) return { ...quiet, tell: write };
  return bar(new Standing(metric, trials), write);
}

/** A line about something that ended or begins; null for all other events. */
export function lineOf(
  { type, trial, fold, state, value, error, reason, best }: SearchEvent,
  metric: string,
): string | null {
  if (type === 'confirm') return 'confirm      the best are measured again on fresh folds and seeds';
  if (type === 'nested' && value !== null)
    return `${`outer fold ${fold}`.padEnd(12)} ${metric} ${measured(value, null)} of what is chosen without it`;
  if (type === 'refit') return `refit        trial ${trial} is trained on all rows`;
  if (type !== 'ended') return null;
  const number = value === null ? '' : `  ${metric} ${measured(value, error)}`;
  const why = reason === null ? '' : `: ${reason.split('\n')[0]}`;
  return `${`trial ${trial}`.padEnd(12)} ${state}${number}${why}${best?.trial === trial ? '  the best so far' : ''}`;
}

const measured = (value: number, error: number | null): string =>
  `${value.toPrecision(4)}${error === null || Number.isNaN(error) ? '' : ` ± ${error.toPrecision(2)}`}`;

/** The progress of a search, from its events. */
export class Standing {
  readonly #metric: string;
  readonly #trials: number;
  readonly #open = new Set<number>();
  #begun = 0;
  #what = '';

  constructor(metric: string, trials: number) {
    this.#metric = metric;
    this.#trials = trials;
  }

  /** The progress after an event, in one line of at most `columns` characters. */
  after(event: SearchEvent, columns: number): string {
    const { type, trial, best, secondsLeft } = event;
    if (trial !== null && type !== 'refit') {
      this.#begun = Math.max(this.#begun, trial + 1);
      if (type === 'ended') this.#open.delete(trial);
      else if (this.#what === '') this.#open.add(trial);
    }
    if (type === 'confirm') this.#what = 'confirming  ';
    if (type === 'nested') this.#what = 'outer folds  ';
    if (type === 'refit') this.#what = 'refit  ';
    const done = Math.min(this.#begun - this.#open.size, this.#trials);
    const lead = best
      ? `best ${this.#metric} ${measured(best.value, best.error)} (trial ${best.trial})`
      : 'no best yet';
    const left = secondsLeft === null ? '' : `  ${duration(secondsLeft)} left`;
    return `${this.#what}${done}/${this.#trials} trials  ${lead}${left}`.slice(0, columns);
  }
}

/** `45 s`, `12 min`, `3.5 h`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

function bar(standing: Standing, write: (event: SearchEvent) => void): View {
  const meter = new progress.SingleBar({
    format: '{bar} {standing}',
    barsize: BAR,
    clearOnComplete: true,
    // keep the cursor visible and the terminal's own wrapping on: a process that is killed then leaves nothing to restore
    hideCursor: false,
    linewrap: true,
  });
  const columns = Math.min(COLUMNS, process.stderr.columns || COLUMNS) - BAR - 2;
  return {
    tell(event) {
      if (event.type === 'begin') meter.start(event.total, event.done, { standing: '' });
      if (lineOf(event, '') !== null) process.stderr.write('\r\x1b[K');
      write(event);
      meter.setTotal(event.total);
      meter.update(event.done, { standing: standing.after(event, columns) });
    },
    stop() {
      // cli-progress returns to the saved cursor position: save it here, not at the start, where the lines of trials are by now
      if (meter.isActive) process.stderr.write('\x1b7');
      meter.stop();
    },
  };
}
