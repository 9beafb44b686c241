/**
 * A search in processes of this machine that can be killed.
 *
 *     node search.mjs folder workers
 */
import { local } from '@keepprob/search/node';
import { searched } from './searched.mjs';

const [store, workers] = process.argv.slice(2);
await searched(store, local({ workers: Number(workers) }));
