/**
 * What a unit costs beyond its training: medians of the time between the results of a search with one worker, less what training took.
 *
 *     node overhead.mjs [address of a database …]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProcess, keepProb, kFold, none, random, search } from '@keepprob/search';
import { bullmq, serveUnits } from '@keepprob/search/bullmq';
import { local } from '@keepprob/search/node';
import { rows } from './rows.mjs';

const median = values => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const parent = mkdtempSync(join(tmpdir(), 'keepprob-overhead-'));
const dbs = process.argv.slice(2);
const abort = new AbortController();
const served = dbs.map(db => serveUnits({ db, workers: 1, signal: abort.signal }));
const engines = [inProcess(), local({ workers: 1 }), ...dbs.map(db => bullmq({ db, workers: 1 }))];
for (const [i, engine] of engines.entries()) {
  const beyond = [];
  const training = [];
  let last;
  await search(new URL('./trial.mjs', import.meta.url), rows(), {
    space: { keep: keepProb(0.3, 1) },
    ...{ folds: kFold({ k: 5 }), sampler: random(), pruner: none(), trials: 12, confirm: false, refit: false, seed: 7 },
    ...{ store: join(parent, `${i}`), engine },
    progress: ({ type, result }) => {
      if (type !== 'unit') return;
      const now = performance.now();
      if (last !== undefined) beyond.push(now - last - 1000 * result.seconds);
      training.push(1000 * result.seconds);
      last = now;
    },
  });
  // what is compiled at first is left out
  const told = `${dbs[i - 2] ?? engine.name}: ${median(beyond.slice(10)).toFixed(1)} ms beyond ${median(training.slice(10)).toFixed(1)} ms of training`;
  console.log(`${told}, medians of ${beyond.length - 10} units`);
}
rmSync(parent, { recursive: true });

abort.abort();
await Promise.all(served);
