/** What `fit` does in Node it does in a page of each browser, on each of its backends. */
import '../../../../wasmFiles.shared.ts';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { server } from 'vitest/browser';
import { expectKnownRun } from '../support/knownRun.ts';

const allCases = import.meta.env.CASES === 'all';
/** Headless Firefox has neither. Compiling WebGL's shaders takes seconds, so `npm test` leaves it to `npm run test:long`. */
const onGpu = server.browser === 'firefox' ? [] : allCases ? ['webgl', 'webgpu'] : ['webgpu'];

test.each(['cpu', 'wasm', ...onGpu])('a known run on %s', async backend => {
  expect(await tf.setBackend(backend)).toBe(true);
  // in software an update takes 0.1 s and more
  await expectKnownRun(onGpu.includes(backend) && !allCases ? 2 : undefined);
});
