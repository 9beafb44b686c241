import { availableParallelism } from 'node:os';
import { checkOptions, type OptionSpecs, option } from '@keepprob/core';
import { SearchError } from '../errors.ts';
import * as messages from '../messages.ts';
import { cacheFolder } from './cache.ts';
import { calmly } from './calmly.ts';
import { Computing } from './computing.ts';
import { addressOf, openDatabase } from './databases/database.ts';
import { type InstalledModules, misfit, modulesOption } from './installed.ts';
import { Pools } from './pools.ts';
import { type Queued, VERSION } from './queued.ts';

/** Options of `serveUnits`. */
export interface ServeOptions {
  /** The address of the database, as in the search. */
  readonly db: string;
  /** Number of processes that compute; by default one per core. */
  readonly workers?: number;
  /** Stops serving: running units go back to the queue. None by default. */
  readonly signal?: AbortSignal | null;
  /** Milliseconds after which another worker takes over if this one is silent; the lock is renewed after half that time. 30,000 by default. */
  readonly lock?: number;
  /** Milliseconds after which a silent process is replaced; 60,000 by default. */
  readonly heartbeat?: number;
  /** Folder for data and code; by default in `node_modules/.cache`, where the code finds TensorFlow.js. */
  readonly cache?: string | null;
  /** Modules of trials that a search sends by name only, such as those of the command line: their URLs on this machine, by name. None by default. */
  readonly modules?: InstalledModules;
  /** Receives warnings about lost connections, at most every ten seconds; `console.warn` by default. */
  readonly warn?: (message: string) => void;
  /** Called once units can arrive; does nothing by default. */
  readonly ready?: () => void;
}

const specs: OptionSpecs<ServeOptions> = {
  db: option.string(),
  workers: option.number({ min: 1, integer: true, fallback: availableParallelism() }),
  signal: option.signal(),
  lock: option.number({ min: 500, fallback: 30_000 }),
  heartbeat: option.number({ min: 100, fallback: 60_000 }),
  cache: option.orNull(option.string()),
  modules: modulesOption,
  warn: option.fn({ fallback: (message: string) => console.warn(message) }),
  ready: option.fn({ fallback: () => undefined }),
};

/** How often a job with a silent worker is restarted. */
const LOSSES = 5;

/**
 * Computes units for every search that requests them in a database, in processes on this machine, until `signal` aborts. This is what
 * `keepprob worker --db …` runs. It runs the code that it finds in the database.
 * @example
 * // nothing listens at that port
 * const over = serveUnits({ db: 'redis://127.0.0.1:1', workers: 2, signal: new AbortController().signal });
 * (await over.catch(error => error)).problem; // 'database'
 * @throws OptionError for wrong options; SearchError `database` if the database cannot be reached at the start, `version` if a search has another
 * version of this package or of a module, or names a module that is not among `modules`
 */
export async function serveUnits(options: ServeOptions): Promise<void> {
  const { db, workers, signal, lock, heartbeat, cache, modules, warn, ready } = checkOptions<ServeOptions>(
    'serveUnits',
    specs,
    options,
  );
  const database = await openDatabase(addressOf('serveUnits', db), lock);
  const tell = calmly(warn);
  const pools = new Pools({ database, folder: cache ?? cacheFolder(), modules }, workers, heartbeat);
  const queue = database.queue();
  let isOver = false;
  const disturbed = (error: Error): void => {
    // closing a connection may cause an error
    if (!isOver) tell(messages.disturbed(database.name, error.message));
  };
  queue.on('error', disturbed);
  const isWanted = async (id: string): Promise<boolean> => (await queue.getJob(id))?.data.stop === false;
  const ended = new AbortController();
  const misfitOf = ({ version, task }: Queued): string | null =>
    version === VERSION ? misfit(modules, task) : messages.otherVersion('@keepprob/search', VERSION, version);
  const computing = new Computing(pools, { pause: lock / 2, warn: tell, isWanted }, misfitOf, reason => {
    // before the job goes back, so that it is not taken again
    void worker.pause(true);
    ended.abort(new SearchError('version', reason));
  });
  const worker = database.worker((job, token) => computing.compute(job, token), {
    ...{ concurrency: workers, lockDuration: lock, lockRenewTime: lock / 2, stalledInterval: lock / 2 },
    ...{ maxStalledCount: LOSSES, runRetryDelay: 1000, drainDelay: 5 },
  });
  worker.on('error', disturbed);
  worker.on('lockRenewalFailed', ids => computing.lose(ids));
  const end = AbortSignal.any([ended.signal, ...(signal ? [signal] : [])]);
  try {
    await worker.waitUntilReady();
    ready();
    if (!end.aborted) await new Promise(resolve => end.addEventListener('abort', resolve, { once: true }));
    if (ended.signal.aborted) throw ended.signal.reason;
  } finally {
    await worker.pause(true);
    await computing.putBack();
    isOver = true;
    await worker.close();
    await queue.close();
    await pools.close();
    await database.close();
  }
}
