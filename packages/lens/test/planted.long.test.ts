/** Twenty seeds of each planted case, and that the cases are what they are taken for. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll } from 'vitest';
import { biasOrVariance, doesDropoutHelp, dropoutHelpsIndeed } from './support/plantedCases.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

biasOrVariance(20);
dropoutHelpsIndeed();
doesDropoutHelp(20);
