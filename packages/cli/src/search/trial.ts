/**
 * The module of the trial, which each process of a search loads: it makes model and options from a config whose spaces have been replaced by values. Other
 * parameters are in its address: `trial.js?config=wine.json&backend=wasm`.
 */
import type { Trial } from '@keepprob/search';
import { openBackend } from '../run/backend.ts';
import { type Trainable, trainingOf } from '../run/training.ts';

const { searchParams } = new URL(import.meta.url);
const owner = searchParams.get('config');
await openBackend(searchParams.get('backend') === 'cpu' ? 'cpu' : 'wasm', 1);

const trial: Trial<Trainable> = (config, { seed, train }) => {
  const [, ...inputShape] = Object(train.x).shape ?? [];
  return trainingOf(owner ?? '', config, { seed, inputShape });
};
export default trial;
