/** What this package exports, called with what it cannot take: a part of what entryPoints.long.test.ts tries. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll } from 'vitest';
import { refuseWhatTheyCannotTake } from '../../core/test/support/entryPoints.ts';
import { entryPoints } from './support/ownEntryPoints.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});
refuseWhatTheyCannotTake(entryPoints, 8);
