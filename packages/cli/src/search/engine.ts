/** Chooses where the units of a search are computed: in processes on this machine, or by the workers of a database. */
import { availableParallelism } from 'node:os';
import { OptionError } from '@keepprob/core';
import type { Engine } from '@keepprob/search';
import { bullmq, serveUnits } from '@keepprob/search/bullmq';
import { local } from '@keepprob/search/node';
import * as messages from '../config/messages.ts';
import { modules } from './modules.ts';
import type { Searched } from './readConfig.ts';

/** Options of the command line about it. */
export interface Where {
  /** Address of PostgreSQL or Redis; without it, everything is computed on this machine. */
  readonly db?: string;
  /** The number of processes on this machine; by default one for each core, and none with `db`. */
  readonly workers?: number;
  /** With `db`: how many units are requested at a time. */
  readonly units?: number;
}

/** How many units are requested in a database at a time, by default. */
const UNITS = 4;

/** @throws OptionError for an invalid address, and for a config that other machines cannot read */
export function engineFor({ owner, samples }: Searched, { db, workers, units }: Where): Engine {
  if (db === undefined) return local({ workers: workers ?? availableParallelism() });
  const saved = samples.map(({ model }) => model).find(model => typeof model === 'string');
  if (saved !== undefined) throw new OptionError(messages.savedModelStays(owner, saved));
  return bullmq({ db, workers: units ?? Math.max(UNITS, workers ?? 0), modules, warn: console.error });
}

/**
 * Starts processes on this machine that serve the database along with those on other machines.
 * @returns a function that ends them; units in progress then go back to the queue
 */
export function serveBeside({ db, workers }: Where): () => Promise<void> {
  if (db === undefined || workers === undefined) return async () => undefined;
  const abort = new AbortController();
  const over = serveUnits({ db, workers, modules, signal: abort.signal, warn: () => undefined }).catch(error => {
    // other workers may continue
    console.error(messages.noneHere((error as Error).message));
  });
  return () => {
    abort.abort();
    return over;
  };
}
