/** What this package exports, called with everything it cannot take. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll } from 'vitest';
import { refuseWhatTheyCannotTake } from '../../core/test/support/entryPoints.ts';
import { entryPoints } from './support/ownEntryPoints.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});
refuseWhatTheyCannotTake(entryPoints, 'all');
