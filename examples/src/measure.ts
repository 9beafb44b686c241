/**
 * Measures what the documentation says: whether dropout helps (`helps`), whether Monte-Carlo dropout predicts better (`uncertainty`), and what searches cost
 * and gain (`search`).
 */
import { parseArgs } from 'node:util';
import { install } from '@keepprob/kernels/wasm';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { dataSets, helps } from './helps.ts';
import { measureSearch, searchParts } from './search/measured.ts';
import { uncertainty } from './uncertainty.ts';

const { values, positionals } = parseArgs({
  options: { data: { type: 'string', default: 'digits' }, seeds: { type: 'string' }, only: { type: 'string' } },
  allowPositionals: true,
});
const [question = 'helps', ...more] = positionals;
const seeds = Number(values.seeds ?? (question === 'helps' ? 5 : 3));
const only = values.only?.split(',') ?? searchParts;
const questions: Readonly<Record<string, (() => Promise<void>) | false>> = {
  helps: dataSets.includes(values.data) && (() => helps(values.data, seeds)),
  uncertainty: () => uncertainty(seeds),
  search: only.every(part => searchParts.includes(part)) && (() => measureSearch(only)),
};
const asked = questions[question];
if (!asked || more.length > 0 || !Number.isSafeInteger(seeds) || seeds < 2) {
  throw new RangeError(
    `npm run measure -- [helps [--data ${dataSets.join('|')}] | uncertainty] [--seeds N], N ≥ 2\nnpm run measure -- search [--only ${searchParts.join(',')}]`,
  );
}

await tf.setBackend('wasm');
await install();
await asked();
