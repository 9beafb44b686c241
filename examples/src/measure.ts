/** Measures what the documentation says: whether dropout helps (`helps`), and whether Monte-Carlo dropout predicts better (`uncertainty`). */
import { parseArgs } from 'node:util';
import { install } from '@keepprob/kernels/wasm';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { dataSets, helps } from './helps.ts';
import { uncertainty } from './uncertainty.ts';

const { values, positionals } = parseArgs({
  options: { data: { type: 'string', default: 'digits' }, seeds: { type: 'string' } },
  allowPositionals: true,
});
const [question = 'helps', ...more] = positionals;
const seeds = Number(values.seeds ?? (question === 'helps' ? 5 : 3));
const known = question === 'uncertainty' || (question === 'helps' && dataSets.includes(values.data));
if (!known || more.length > 0 || !Number.isSafeInteger(seeds) || seeds < 2) {
  throw new RangeError(`npm run measure -- [helps [--data ${dataSets.join('|')}] | uncertainty] [--seeds N], N ≥ 2`);
}

await tf.setBackend('wasm');
await install();
await (question === 'helps' ? helps(values.data, seeds) : uncertainty(seeds));
