/** A small part of what fuzz.long.test.ts tries. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe } from 'vitest';
import { anyFailure, anyOption } from './properties.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('a run in which anything may fail', () => anyFailure({ numRuns: 25, seed: 20_261_130 }));
describe('options of any kind', () => anyOption({ numRuns: 30, seed: 20_261_130 }));
