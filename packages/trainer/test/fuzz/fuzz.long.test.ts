/** Whatever fails, and whatever is given: many times, from another seed each day, which a failure prints. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe } from 'vitest';
import { anyFailure, anyOption } from './properties.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const seed = Math.floor(Date.now() / 86_400_000);
describe('a run in which anything may fail', () => anyFailure({ numRuns: 300, seed }));
describe('options of any kind', () => anyOption({ numRuns: 500, seed }));
