/** In a page of each browser, on each of its backends, masks are those of Node. */
import '../../../../wasmFiles.shared.ts';
import '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { server } from 'vitest/browser';
import { expectKnownMask, knownMasks } from '../support/knownMasks.ts';

// headless Firefox has neither
const onGpu = server.browser === 'firefox' ? [] : ['webgl', 'webgpu'];

describe.each(['cpu', 'wasm', ...onGpu])('on %s', backend => {
  beforeAll(async () => {
    expect(await tf.setBackend(backend)).toBe(true);
  });
  test.each(knownMasks)('a tensor of shape %o, noise %o, keepProb %d', (...known) => expectKnownMask(known));
});
