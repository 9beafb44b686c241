/**
 * Measures what the documentation says: whether dropout helps (`helps`), whether Monte-Carlo dropout predicts better (`uncertainty`), what searches cost
 * and gain (`search`), and what the pages of Learn show (`lab`, …).
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { install } from '@keepprob/kernels/wasm';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { dataSets, helps } from './helps.ts';
import { answer } from './learn/answer.ts';
import { paper, questions } from './learn/questions.ts';
import { measureSearch, searchParts } from './search/measured.ts';
import { uncertainty } from './uncertainty.ts';

const { values, positionals } = parseArgs({
  options: {
    data: { type: 'string', default: 'digits' },
    seeds: { type: 'string' },
    only: { type: 'string' },
    cores: { type: 'string' },
    redraw: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const [asked = 'helps', ...more] = positionals;
const seeds = Number(values.seeds ?? (asked === 'helps' ? 5 : 3));
const only = values.only?.split(',') ?? searchParts;
const cores = Number(values.cores ?? availableParallelism());
const overRuns = questions.filter(question => !paper.includes(question));
const measures: Readonly<Record<string, (() => Promise<void>) | false>> = {
  helps: dataSets.includes(values.data) && (() => helps(values.data, seeds)),
  uncertainty: () => uncertainty(seeds),
  search: only.every(part => searchParts.includes(part)) && (() => measureSearch(only)),
  ...Object.fromEntries(
    overRuns.map(question => [question.name, () => answer(question, { cores, redraw: values.redraw })]),
  ),
};
const measure = measures[asked];
const isCount = (value: number, least: number): boolean => Number.isSafeInteger(value) && value >= least;
if (!measure || more.length > 0 || !isCount(seeds, 2) || !isCount(cores, 1)) {
  const names = overRuns.map(({ name }) => name).join(' | ');
  throw new RangeError(
    `npm run measure -- [helps [--data ${dataSets.join('|')}] | uncertainty] [--seeds N], N ≥ 2\nnpm run measure -- search [--only ${searchParts.join(',')}]\nnpm run measure -- ${names} [--cores N] [--redraw], N ≥ 1`,
  );
}

await tf.setBackend('wasm');
await install();
await measure();
