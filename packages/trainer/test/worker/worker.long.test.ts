import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe } from 'vitest';
import { givesWholeBatches, sharesEachBatch } from '../support/workers.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('several workers', () => {
  sharesEachBatch(2);
  givesWholeBatches(3);
});
