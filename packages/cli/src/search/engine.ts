/** Where the units of a search are computed: in processes of this machine, or by the workers of a database. */
import { availableParallelism } from 'node:os';
import { OptionError } from '@keepprob/core';
import type { Engine } from '@keepprob/search';
import { bullmq, serveUnits } from '@keepprob/search/bullmq';
import { local } from '@keepprob/search/node';
import * as messages from '../config/messages.ts';
import { modules } from './modules.ts';
import type { Searched } from './readConfig.ts';

/** What the command line says of it. */
export interface Where {
  /** Address of PostgreSQL or Redis; without it everything is computed here. */
  readonly db?: string;
  /** Processes of this machine: one for each core, and none with `db`, unless said. */
  readonly workers?: number;
  /** With `db`: units that are asked for at a time. */
  readonly units?: number;
}

/** Units that are asked for in a database at a time, unless said. */
const UNITS = 4;

/** @throws OptionError for what is no address, and for a config that other machines cannot read */
export function engineFor({ owner, samples }: Searched, { db, workers, units }: Where): Engine {
  if (db === undefined) return local({ workers: workers ?? availableParallelism() });
  const saved = samples.map(({ model }) => model).find(model => typeof model === 'string');
  if (saved !== undefined) throw new OptionError(messages.savedModelStays(owner, saved));
  return bullmq({ db, workers: units ?? Math.max(UNITS, workers ?? 0), modules, warn: console.error });
}

/**
 * Processes of this machine that serve the database beside those of others.
 * @returns what ends them; what they compute then goes back
 */
export function serveBeside({ db, workers }: Where): () => Promise<void> {
  if (db === undefined || workers === undefined) return async () => undefined;
  const abort = new AbortController();
  const over = serveUnits({ db, workers, modules, signal: abort.signal, warn: () => undefined }).catch(error => {
    // other workers may go on
    console.error(messages.noneHere((error as Error).message));
  });
  return () => {
    abort.abort();
    return over;
  };
}
