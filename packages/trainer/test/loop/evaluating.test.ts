/** Evaluation ends as training does: by `signal`, by `maxTime`, on data without end, and with whole epochs in the history. */
import { ema } from '@keepprob/averaging';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { evaluateRows, type FitOptions, fit, memoryStore } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const line = () =>
  tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'ones' })] });
const batch = () => ({ x: tf.ones([4, 1]), y: tf.zeros([4, 1]) });
const options = (): FitOptions => ({
  loss: 'meanSquaredError',
  optimizer: 'sgd',
  batchSize: 2,
  seed: 5,
  epochs: 3,
  progress: false,
});

/** Yields for ever; calls `at` before the batch of this number. */
const endless = (number: number, at: () => void) =>
  async function* () {
    for (let i = 0; ; i++) {
      if (i === number) at();
      yield batch();
    }
  };
/** One that gives a batch and then never another. */
async function* silent() {
  yield batch();
  await new Promise(() => undefined);
}

describe('dev data without end', () => {
  test.each([0, 1, 5])(
    'an abort at batch %i: training data and the weights are as training left them',
    async number => {
      const stopper = new AbortController();
      const plain = line();
      await fit(plain, batch(), { ...options(), epochs: 1 });
      const [model, validation] = [line(), endless(number, () => stopper.abort())];
      const run = await fit(model, batch(), { ...options(), validation, signal: stopper.signal, plugins: [ema(0.5)] });
      expect(run).toMatchObject({ stopped: 'aborted', steps: 2, epochs: 0, history: {} });
      expect(Number.isFinite((model.getWeights()[0] as tf.Tensor).dataSync()[0])).toBe(true);
    },
  );
  test.each<[string, FitOptions['validation']]>([
    ['that come', endless(-1, () => undefined)],
    ['that do not come', () => silent()],
  ])('maxTime, with batches %s', async (_, validation) => {
    const run = await fit(line(), batch(), { ...options(), validation: validation ?? null, maxTime: 300 });
    expect(run).toMatchObject({ stopped: 'the maxTime of 300 ms is over', steps: 2, epochs: 0 });
  });
  test('an abort while a batch does not come', async () => {
    const stopper = new AbortController();
    const listeners = [({ step }: { step: number }) => void (step === 2 && setTimeout(() => stopper.abort(), 20))];
    const run = await fit(line(), batch(), {
      ...options(),
      validation: () => silent(),
      signal: stopper.signal,
      listeners,
    });
    expect(run.stopped).toBe('aborted');
  });
  test.each<[string, (stop: () => void) => AsyncIterable<ReturnType<typeof batch>>]>([
    ['at a batch', stop => endless(2, stop)()],
    [
      'while none comes',
      stop => {
        setTimeout(stop, 20);
        return silent();
      },
    ],
  ])('evaluateRows throws the reason of an abort %s, and leaves no tensor', async (_, data) => {
    const [model, stopper, before] = [line(), new AbortController(), tf.memory().numTensors];
    const given = data(() => stopper.abort(new Error('enough')));
    await expect(evaluateRows(model, given, { loss: 'meanSquaredError', signal: stopper.signal })).rejects.toThrow(
      'enough',
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('wherever an evaluation is cut, nothing leaks, and the run that goes on ends as one that never was', async () => {
  const dev = async function* () {
    for (let i = 0; i < 3; i++) yield batch();
  };
  const train = async (more: Partial<FitOptions>) => {
    const before = tf.memory().numTensors;
    const [model, data, optimizer] = [line(), batch(), tf.train.sgd(0.1)];
    const run = await fit(model, data, { ...options(), optimizer, validation: dev, ...more });
    const weights = model.getWeights().map(w => [...w.dataSync()]);
    model.dispose();
    optimizer.dispose();
    tf.dispose(data);
    return { run, left: tf.memory().numTensors - before, weights };
  };
  const whole = await train({});
  // a metric is called once a batch, in training and in evaluation
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 18 }), async call => {
      const [store, stopper] = [memoryStore(), new AbortController()];
      let calls = 0;
      const spy = (y: tf.Tensor, p: tf.Tensor): tf.Tensor => {
        if (++calls === call) stopper.abort();
        return tf.metrics.meanSquaredError(y, p);
      };
      const cut = await train({ checkpoint: { store }, metrics: [spy], signal: stopper.signal });
      const { epochs, history } = cut.run;
      expect(Object.values(history).every(values => values.length === epochs)).toBe(true);
      expect(history.valLoss ?? []).toEqual(whole.run.history.valLoss?.slice(0, epochs));
      expect(cut.left).toBe(0);
      const rest = await train({ checkpoint: { store }, metrics: [spy], resume: true });
      expect(rest.weights).toEqual(whole.weights);
      expect(rest.run.history.valLoss).toEqual(whole.run.history.valLoss);
      expect(rest.run.history.cost).toEqual(whole.run.history.cost);
    }),
    { numRuns: 18 },
  );
});
