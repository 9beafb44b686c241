/** Test files share a process, or a page, in which TensorFlow.js is loaded once: what one leaves of its state is not the next one's. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll } from 'vitest';

afterAll(async () => {
  if (tf.engine().backendName && tf.findBackend('cpu')) await tf.setBackend('cpu');
});
