/**
 * How long it takes until a thousand units are in the queue of a database that nobody else uses, and has no workers.
 *
 *     node queueing.mjs address …
 */
import { bullmq } from '@keepprob/search/bullmq';
import { addressOf, openDatabase } from '../../dist/queue/databases/database.js';
import { rows } from './rows.mjs';

const COUNT = 1000;
const { x, y } = rows();
const column = data => ({
  dtype: 'float32',
  shape: [data.length, data[0].length],
  data: Float32Array.from(data.flat()),
});
const task = {
  ...{
    trial: new URL('./trial.mjs', import.meta.url),
    table: { count: x.length, columns: { x: column(x), y: column(y) } },
  },
  splits: [{ repeat: 0, fold: 0, train: Int32Array.of(0, 1), validation: Int32Array.of(2) }],
  ...{ metric: 'valLoss', scale: null, folder: null },
};

for (const db of process.argv.slice(2)) {
  const database = await openDatabase(addressOf('queueing', db), 30_000);
  const queue = database.queue();
  const pool = await bullmq({ db, workers: COUNT, warn: () => undefined }).open(task);
  const aborts = Array.from({ length: COUNT }, () => new AbortController());
  const before = await queue.getWaitingCount();
  const start = performance.now();
  const asked = aborts.map(({ signal }, trial) =>
    pool.run({ unit: { trial, fold: 0, seed: 7 }, values: { keep: 0.5 } }, { signal }),
  );
  while ((await queue.getWaitingCount()) < before + COUNT) await new Promise(resolve => setTimeout(resolve, 5));
  console.log(
    `${addressOf('queueing', db).name}: ${COUNT} units queued in ${(performance.now() - start).toFixed(0)} ms`,
  );
  for (const abort of aborts) abort.abort();
  await Promise.allSettled(asked);
  await pool.close();
  await queue.close();
  await database.close();
}
