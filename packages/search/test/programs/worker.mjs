/**
 * A worker that can be killed: says when it can compute.
 *
 *     node worker.mjs db workers lock
 */
import { serveUnits } from '@keepprob/search/bullmq';

const [db, workers, lock] = process.argv.slice(2);
const abort = new AbortController();
process.once('SIGTERM', () => abort.abort());
await serveUnits({
  ...{ db, workers: Number(workers), lock: Number(lock), signal: abort.signal },
  ready: () => process.stdout.write('ready\n'),
});
