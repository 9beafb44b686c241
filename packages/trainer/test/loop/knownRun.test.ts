/** What `fit` does here it does in every browser: `test/browser/knownRun.test.ts`. */
import '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { expectKnownRun } from '../support/knownRun.ts';

test.each(['cpu', 'wasm'])('a known run on %s', async backend => {
  expect(await tf.setBackend(backend)).toBe(true);
  await expectKnownRun();
});
