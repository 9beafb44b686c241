/**
 * A search over a database that can be killed: says each unit that was measured, and at the end what it found.
 *
 *     node queued.mjs store db workers lock
 */
import { bullmq } from '@keepprob/search/bullmq';
import { searched } from './searched.mjs';

const [store, db, workers, lock] = process.argv.slice(2);
await searched(store, bullmq({ db, workers: Number(workers), lock: Number(lock) }));
