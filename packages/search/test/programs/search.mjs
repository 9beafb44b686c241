/**
 * A search that can be killed: says which process it is, each unit that was measured, and at the end what it found.
 *
 *     node search.mjs folder workers
 */
import { keepProb, kFold, none, random, search } from '@keepprob/search';
import { local } from '@keepprob/search/node';
import { rows } from './rows.mjs';

const [store, workers] = process.argv.slice(2);
const { model: _, ...found } = await search(new URL('./trial.mjs', import.meta.url), rows(), {
  space: { keep: keepProb(0.3, 1) },
  folds: kFold({ k: 3 }),
  sampler: random(),
  pruner: none(),
  trials: 3,
  confirm: { top: 1, seeds: 1 },
  seed: 7,
  store,
  resume: true,
  engine: local({ workers: Number(workers) }),
  progress: ({ type, done }) => {
    if (type === 'unit') process.stdout.write(`unit ${done}\n`);
  },
});
process.stdout.write(`found ${JSON.stringify(found)}\n`);
