/** A backend that is lost, or answers no more, ends the wait of a run. The real ones are lost in `test/browser`. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { BackendError, fit, memoryStore } from '../../src/index.ts';
import { watchBackend } from '../../src/loop/backendWatch.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});
const never = new Promise<never>(() => undefined);

/** The backend in use with fields of one that is on a GPU; its reads no longer settle once it is lost. */
function onGpu(lose: (lost: () => void) => object): void {
  const backend = tf.backend() as tf.KernelBackend & Record<string, unknown>;
  const read = backend.read.bind(backend);
  let isLost = false;
  const fields = lose(() => {
    isLost = true;
  });
  Object.assign(backend, fields, { read: (id: object) => (isLost ? never : read(id)) });
  restore = () => {
    for (const field of [...Object.keys(fields), 'read']) delete backend[field];
  };
}
let restore = (): void => undefined;
afterEach(() => {
  restore();
  vi.useRealTimers();
});

const ways: Record<string, [RegExp, () => () => void]> = {
  'a WebGL context': [
    /webglcontextlost/,
    () => {
      const canvas = new EventTarget();
      let tell = (): void => undefined;
      onGpu(lost => {
        tell = lost;
        return { gpgpu: { gl: { canvas, isContextLost: () => false } } };
      });
      return () => {
        tell();
        canvas.dispatchEvent(new Event('webglcontextlost'));
      };
    },
  ],
  'a GPU device': [
    /GPU device lost: driver reset/,
    () => {
      let lose = (_: { message: string }): void => undefined;
      const lost = new Promise<{ message: string }>(resolve => {
        lose = resolve;
      });
      let tell = (): void => undefined;
      onGpu(isLost => {
        tell = isLost;
        return { device: { lost } };
      });
      return () => {
        tell();
        lose({ message: 'driver reset' });
      };
    },
  ],
};

describe.each(Object.entries(ways))('%s', (_, [why, make]) => {
  test.each([
    ['with a checkpoint', memoryStore(), /saved up to update 2; continue it with `resume: true`/],
    ['without one', null, /Nothing of this run is saved/],
  ])('lost in training, %s: fit throws, names it, and lets go of the store', async (_, store, saved) => {
    const lose = make();
    const data = { x: tf.ones([8, 1]), y: tf.ones([8, 1]) };
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    const training = fit(model, data, {
      ...{ loss: 'meanSquaredError', optimizer: 'sgd', batchSize: 2, epochs: 2, progress: false },
      checkpoint: store && { store, every: 2 },
      listeners: [({ type, step }) => void (type === 'step' && step === 3 && lose())],
    });
    const failed = await training.catch(error => error);
    expect(failed).toBeInstanceOf(BackendError);
    expect(failed.message).toMatch(why);
    expect(failed.message).toMatch(saved);
    await (await store?.hold?.())?.();
  });

  test('lost behind a run disturbs nobody', async () => {
    const lose = make();
    const watch = watchBackend(() => undefined);
    expect(await watch.unlessLost(Promise.resolve(3))).toBe(3);
    watch.stop();
    lose();
    await new Promise(resolve => setTimeout(resolve));
  });
});

describe('numbers that do not come', () => {
  const patient = (promised: Promise<unknown>, until: AbortSignal) =>
    watchBackend(() => 7)
      .inTime(promised, until)
      .then(
        value => value,
        error => error,
      );

  test.each([true, false])(
    'once the run is to end: an error after 10 s; wanted from the beginning: %s',
    async early => {
      vi.useFakeTimers();
      const controller = new AbortController();
      if (early) controller.abort();
      const waiting = patient(never, controller.signal);
      controller.abort();
      const seen = vi.fn();
      waiting.then(seen);
      await vi.advanceTimersByTimeAsync(9_999);
      expect(seen).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(1);
      expect(await waiting).toBeInstanceOf(BackendError);
      expect((await waiting).message).toMatch(
        /has not returned the numbers .* for 10 s\. The run is saved up to update 7/,
      );
    },
  );

  test('all steps share one listener, and each that waits is told', async () => {
    vi.useFakeTimers();
    const controller = new AbortController();
    const listen = vi.spyOn(controller.signal, 'addEventListener');
    const watch = watchBackend(() => 7);
    for (let i = 0; i < 3; i++) expect(await watch.inTime(Promise.resolve(i), controller.signal)).toBe(i);
    const waiting = watch.inTime(never, controller.signal).catch(error => error);
    expect(listen).toHaveBeenCalledTimes(1);
    controller.abort();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await waiting).toBeInstanceOf(BackendError);
    expect(vi.getTimerCount()).toBe(0);
    watch.stop();
  });

  test('while nobody wants an end, they are waited for; what comes in time is what it is, and no timer stays', async () => {
    vi.useFakeTimers();
    const controller = new AbortController();
    let give = (_: number): void => undefined;
    const waiting = patient(
      new Promise<number>(resolve => {
        give = resolve;
      }),
      controller.signal,
    );
    await vi.advanceTimersByTimeAsync(1e6);
    controller.abort();
    await vi.advanceTimersByTimeAsync(5_000);
    give(3);
    expect(await waiting).toBe(3);
    expect(vi.getTimerCount()).toBe(0);
    expect(await patient(Promise.reject(new RangeError('no')), controller.signal)).toBeInstanceOf(RangeError);
    expect(vi.getTimerCount()).toBe(0);
  });
});
