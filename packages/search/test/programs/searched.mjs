/** A search that says each unit that was measured, and at the end what it found. */
import { keepProb, kFold, none, random, search } from '@keepprob/search';
import { rows } from './rows.mjs';

export async function searched(store, engine, trial = new URL('./trial.mjs', import.meta.url)) {
  const { model: _, ...found } = await search(trial, rows(), {
    space: { keep: keepProb(0.3, 1) },
    folds: kFold({ k: 3 }),
    sampler: random(),
    pruner: none(),
    trials: 3,
    confirm: { top: 1, seeds: 1 },
    seed: 7,
    store,
    resume: true,
    engine,
    progress: ({ type, done }) => {
      if (type === 'unit') process.stdout.write(`unit ${done}\n`);
    },
  });
  process.stdout.write(`found ${JSON.stringify(found)}\n`);
}
