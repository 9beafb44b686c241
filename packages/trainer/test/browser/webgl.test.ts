/** WebGL: contexts that are lost, and textures of half precision. */
import { BackendError, type FitOptions, fit, memoryStore } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl';
import { afterAll, afterEach, expect, test, vi } from 'vitest';

const ROWS = 64;
/** Registers WebGL again, so that its next use opens a new context. */
async function renewWebGL(): Promise<void> {
  await tf.setBackend('cpu');
  const factory = tf.findBackendFactory('webgl');
  tf.removeBackend('webgl');
  tf.registerBackend('webgl', factory, 2);
}
/** Each test has its own backend: a lost context stays lost. */
async function freshWebGL(half = false): Promise<WebGL2RenderingContext> {
  await renewWebGL();
  tf.env().set('WEBGL_RENDER_FLOAT32_ENABLED', !half);
  await tf.setBackend('webgl');
  return (tf.backend() as unknown as { gpgpu: { gl: WebGL2RenderingContext } }).gpgpu.gl;
}
afterEach(() => {
  vi.restoreAllMocks();
  tf.env().set('WEBGL_RENDER_FLOAT32_ENABLED', true);
});
// the tests that follow in this page need a context in full precision
afterAll(renewWebGL);

const seeded = (seed: number) => tfl.initializers.glorotUniform({ seed });
const net = () =>
  tfl.sequential({
    layers: [
      tfl.layers.dense({ units: 8, inputShape: [4], activation: 'relu', kernelInitializer: seeded(1) }),
      tfl.layers.dense({ units: 2, activation: 'softmax', kernelInitializer: seeded(2) }),
    ],
  });
const train = (options: Partial<FitOptions> = {}) => {
  const x = tf.randomNormal([ROWS, 4], 0, 1, 'float32', 1);
  const y = tf.oneHot(tf.cast(tf.greater(tf.sum(x, 1), 0), 'int32'), 2);
  return fit(
    net(),
    { x, y },
    {
      ...{ loss: 'categoricalCrossentropy', optimizer: 'sgd', epochs: 4, batchSize: 16, seed: 1, progress: false },
      trainEvaluation: false,
      ...options,
    },
  );
};

const allCases = import.meta.env.CASES === 'all';

// `npm run test:long` adds the others
test.each(allCases ? ['begin', 'step', 'epoch'] : ['step'])(
  'a context lost at an event %s ends the run with an error that says so',
  async type => {
    const gl = await freshWebGL();
    const store = memoryStore();
    const listener = ({ type: now, step }: { type: string; step: number }) => {
      if (now === type && step >= (type === 'begin' ? 0 : 5)) gl.getExtension('WEBGL_lose_context')!.loseContext();
    };
    const failed = await train({ listeners: [listener], checkpoint: { store, every: 2 } }).catch(error => error);
    expect(failed).toBeInstanceOf(BackendError);
    const saved = {
      begin: /Nothing of this run is saved/,
      step: /saved up to update 4;/,
      epoch: /saved up to update 8;/,
    };
    expect(failed.message).toMatch(/backend "webgl" was lost \(webglcontextlost\)/);
    expect(failed.message).toMatch(saved[type as keyof typeof saved]);
    // the store is free: it goes on when there is a backend again, which may be another one
    if (type === 'step') await freshWebGL();
    else await tf.setBackend('cpu');
    expect((await train({ checkpoint: { store }, resume: true })).steps).toBe(16);
  },
);

test('a context that was lost before is told at once', async () => {
  const gl = await freshWebGL();
  const lost = new Promise(resolve => gl.canvas.addEventListener('webglcontextlost', resolve));
  gl.getExtension('WEBGL_lose_context')!.loseContext();
  await lost;
  await expect(train()).rejects.toThrow(BackendError);
});

test('in half precision the ε of an optimizer that would vanish is lifted, with a word; the loss falls', async () => {
  await freshWebGL(true);
  // what is too small is 0
  expect(tf.tidy(() => tf.square(tf.fill([4096], 1e-4)).dataSync()[0])).toBe(0);
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const optimizer = tf.train.adam(0.01, 0.9, 0.999, 1e-7);
  const { history } = await train({ optimizer });
  expect(optimizer.getConfig()).toMatchObject({ epsilon: 1e-4 });
  expect(warn.mock.calls).toEqual([[expect.stringMatching(/Adam: ε = 1e-7 is 0 in the half-precision textures/)]]);
  expect(history.loss!.at(-1)!).toBeLessThan(history.loss![0]!);
  for (const given of [tf.train.adam(0.01, 0.9, 0.999, 0.01), tf.train.sgd(0.01)]) {
    const before = given.getConfig();
    await train({ optimizer: given, epochs: 1 });
    expect(given.getConfig()).toEqual(before);
  }
});

test.runIf(allCases)('in full precision an ε stays what it is', async () => {
  await freshWebGL();
  const optimizer = tf.train.adam(0.01, 0.9, 0.999, 1e-7);
  await train({ optimizer, epochs: 1 });
  expect(optimizer.getConfig()).toMatchObject({ epsilon: 1e-7 });
});
