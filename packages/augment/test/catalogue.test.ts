/** Every technique of this package passes the conformance kit. */
import { conformanceOf } from '@keepprob/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, it } from 'vitest';
import { catalogue } from '../src/catalogue.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

conformanceOf({ describe, it }, catalogue);
