import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe } from 'vitest';
import { countsEachStep, givesWholeBatches, sharesEachBatch } from '../support/workers.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('several workers', () => {
  sharesEachBatch(2);
  countsEachStep(3);
  givesWholeBatches(3);
});
