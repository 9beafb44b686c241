/** The backends on which our gradients are tested against float64 and against TF.js' own. */
import '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { uninstall } from '../../src/gradients.ts';

/** The same tests on cpu and on wasm. A test that wants our gradients installs them; they are taken out after each. */
export function onCpuAndWasm(tests: (backend: string) => void): void {
  describe.each(['cpu', 'wasm'])('on %s', backend => {
    beforeAll(async () => {
      await tf.setBackend(backend);
    });
    afterEach(uninstall);
    afterAll(async () => {
      await tf.setBackend('cpu');
    });
    tests(backend);
  });
}
