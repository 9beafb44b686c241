/** A few seeds of each planted case; planted.long.test.ts takes twenty. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll } from 'vitest';
import { biasOrVariance, doesDropoutHelp } from './support/plantedCases.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

biasOrVariance(4);
doesDropoutHelp(3);
