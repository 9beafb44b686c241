/** Runs a search from its options to its result, in any environment. */
import { OptionError, signOf } from '@keepprob/core';
import { randomSeed } from '@keepprob/core/layers';
import { freshPairs } from '../choice/confirm.ts';
import type { Dimension, Rows, Table, Task, Trial } from '../contract.ts';
import { classesOf, readTable } from '../data/table.ts';
import { SearchError } from '../errors.ts';
import { type Header, type Journal, memoryJournal } from '../journal/entries.ts';
import * as messages from '../messages.ts';
import { trialsAtMost } from '../samplers/count.ts';
import type { Chosen } from '../space/chosen.ts';
import { readSpace } from '../space/readSpace.ts';
import { nested } from '../splits/nested.ts';
import { explore } from './explore.ts';
import { finish } from './finish.ts';
import type { Found, NestedEstimate } from './found/found.ts';
import { outcomeOf, tellFound } from './found/tellFound.ts';
import { checkHeader, checkPoints, headerOf, inWords } from './header.ts';
import { Ledger } from './ledger.ts';
import { nestedEstimate, type Outer, type SearchWithin } from './nestedEstimate.ts';
import { type Checked, checkSearchOptions, type SearchOptions } from './options.ts';
import { listenerOf } from './progress.ts';
import { refit } from './refit.ts';
import { seedOfFold } from './seeds.ts';
import { type Study, tell } from './study.ts';

/** The parts of a search that depend on the environment. */
export interface Place {
  openJournal(folder: string, resume: boolean, dimensions: readonly Dimension[]): Promise<Journal>;
  /** Identifies the data. */
  fingerprint(table: Table): string;
}

/** For environments without files. */
export const inMemory: Place = {
  openJournal(folder) {
    throw OptionError.of('search', 'store', 'null, since only Node has folders', folder);
  },
  fingerprint: () => '',
};

export async function searchAt<C>(
  place: Place,
  trial: Trial<Chosen<C>> | URL,
  data: unknown,
  given: SearchOptions<C>,
): Promise<Found<Chosen<C>>> {
  const options = checkSearchOptions(given);
  if (typeof trial !== 'function' && !(trial instanceof URL))
    throw OptionError.of('search', 'trial', 'a function, or the URL of a module that exports one', trial);
  const space = readSpace(given.space);
  const sign = signOf('search', options.metric, options.mode);
  const table = await readTable(data, 'search');
  const { store } = options;
  const journal = store === null ? memoryJournal() : await place.openJournal(store, options.resume, space.dimensions);
  try {
    const before = headerOf(journal);
    const seed = options.seed ?? before?.seed ?? randomSeed();
    const print = store === null ? '' : place.fingerprint(table);
    const header: Header = {
      ...{
        format: 1,
        space: inWords(given.space),
        folds: { name: options.folds.name, options: options.folds.options },
      },
      ...{ data: print, metric: options.metric, scale: options.scale, seed, mode: sign === 1 ? 'min' : 'max' },
    };
    if (before) checkHeader(journal.path ?? '', before, header);
    const ledger = new Ledger(journal, sign);
    checkPoints(journal.path ?? '', space.dimensions, ledger.trials);
    const rows = rowsOf(table);
    const trials = trialsAtMost(
      options.trials,
      options.sampler,
      space.dimensions,
      ledger.told.map(({ point }) => point),
    );
    const splits = options.nested ? nested({ outer: options.nested, inner: options.folds }).folds(rows, seed) : [];
    const base = options.folds.split(rows, seed);
    const fresh = freshPairs(options.folds, rows, base, { seed, times: options.confirm?.seeds ?? 0 });
    const outer = splits.map((split, i): Outer => {
      const folds = split.inner.split(rows, i).length;
      return { split, index: fresh.folds.length + i, units: unitsOf(folds, trials, options) };
    });
    const task: Task = {
      // the trial is only given values of its own space
      ...{
        trial: trial as Trial | URL,
        table,
        splits: [...fresh.folds, ...splits],
        metric: options.metric,
        scale: options.scale,
      },
      folder: store,
    };
    const pool = await options.engine.open(task);
    try {
      if (!before) await journal.append([{ type: 'search', header }]);
      const study: Study = {
        ...{ options, space, seed, task, ledger, pool },
        pairs: base.map((_, fold) => ({ fold, seed: seedOfFold(seed, fold) })),
        freshPairs: fresh.pairs,
        signal: options.signal ?? new AbortController().signal,
        trials,
        clock: {
          ...{ began: performance.now(), units: 0 },
          nested: { done: 0, left: outer.reduce((sum, { units }) => sum + units + 1, 0) },
        },
        listener: listenerOf(options.progress),
      };
      const estimate: Estimate = before => {
        const within: SearchWithin = (fold, more) =>
          searchAt(place, trial, data, { ...given, ...more, nested: null, refit: false }).catch(error => {
            throw error instanceof SearchError
              ? new SearchError(error.problem, messages.inOuterFold(fold, error.message), error)
              : error;
          });
        return nestedEstimate(study, outer, within, before);
      };
      return await run(study, journal, outer.length > 0 ? estimate : null);
    } finally {
      await pool.close();
    }
  } finally {
    await journal.close();
  }
}

function rowsOf(table: Table): Rows {
  const classes = classesOf(table);
  return { count: table.count, ...(classes && { classes }) };
}

/** Maximum number of trainings of a search on this many folds. */
const unitsOf = (folds: number, trials: number, { confirm }: Checked): number =>
  folds * (trials + (confirm ? Math.min(confirm.top + 1, trials) * confirm.seeds : 0));

type Estimate = (before: NestedEstimate | null) => Promise<NestedEstimate | null>;

async function run<Values>(study: Study, journal: Journal, estimate: Estimate | null): Promise<Found<Values>> {
  const { options, signal } = study;
  await tell(study, { type: 'begin' });
  const stopped = await explore(study);
  if (signal.aborted && study.ledger.complete.length === 0) throw signal.reason;
  const finished = await finish(study, !signal.aborted);
  let outerEstimate = estimate && (study.ledger.outcome?.nested ?? null);
  const conclude = (): Promise<void> => study.ledger.conclude(outcomeOf(study, finished, stopped, outerEstimate));
  if (!signal.aborted) await conclude();
  if (estimate && !signal.aborted) {
    outerEstimate = await estimate(outerEstimate);
    if (!signal.aborted) await conclude();
  }
  let refitted = null;
  if (options.refit && !signal.aborted) {
    await tell(study, { type: 'refit', trial: finished.chosen.number });
    refitted = await refit(study, finished.chosen, finished.pairs);
  }
  await tell(study, { type: 'end' });
  return tellFound(study, finished, {
    ...{ nested: outerEstimate, refitted, stopped: signal.aborted ? 'aborted' : stopped, journal: journal.path },
  });
}
