/** A page that trains as soon as it is loaded. What it is for stands behind the question mark of its address. */
import { dropout } from '@keepprob/dropout';
import { earlyStopping } from '@keepprob/stopping';
import { type FitOptions, fit, indexedDBStore } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';

/** Answers of the page go to the test. */
declare function tell(answer: object): Promise<void>;
const say = (answer: object): Promise<unknown> =>
  'tell' in globalThis ? tell(answer) : fetch('/tell', { method: 'POST', body: JSON.stringify(answer) });

const seeded = (seed: number) => tfl.initializers.glorotUniform({ seed });
const part = (rows: number, seed: number) => ({
  x: tf.randomNormal([rows, 4], 0, 1, 'float32', seed),
  y: tf.oneHot(
    tf.tensor1d(
      Array.from({ length: rows }, (_, i) => i % 2),
      'int32',
    ),
    2,
  ),
});

/** 130 updates with dropout, Adam and early stopping, unless the options say otherwise; gives the weights. */
async function train(options: Partial<FitOptions>): Promise<number[][]> {
  const model = tfl.sequential({
    layers: [
      tfl.layers.dense({ units: 16, activation: 'relu', inputShape: [4], kernelInitializer: seeded(1) }),
      dropout({ keepProb: 0.5 }),
      tfl.layers.dense({ units: 2, activation: 'softmax', kernelInitializer: seeded(2) }),
    ],
  });
  await fit(model, part(100, 3), {
    loss: 'categoricalCrossentropy',
    optimizer: tf.train.adam(0.01),
    epochs: 10,
    batchSize: 8,
    seed: 1,
    validation: part(20, 4),
    plugins: [earlyStopping({ patience: 9 })],
    ...options,
  });
  return model.getWeights().map(w => [...w.dataSync()]);
}

/** An update that takes longer than a frame, so that the page gets a turn after each of them. */
const busy: FitOptions['metrics'] = (y: tf.Tensor, p: tf.Tensor) => {
  const end = performance.now() + 20;
  while (performance.now() < end);
  return tfl.metrics.categoricalAccuracy(y, p);
};

/** Saved after every update in the store of this name, from which it goes on; without a name, saved nowhere. */
async function resumable(store: string | null): Promise<void> {
  const weights = await train({
    progress: ({ type, step }) => (type === 'end' ? undefined : (say({ type, step }) as Promise<void>)),
    ...(store && { checkpoint: { store: indexedDBStore(store), every: 1 }, resume: true }),
  });
  await say({ type: 'done', weights });
}

/** How many frames the page draws in 50 updates. */
async function frames(): Promise<void> {
  let drawn = 0;
  const draw = (): void => {
    drawn++;
    requestAnimationFrame(draw);
  };
  await new Promise(resolve => requestAnimationFrame(resolve));
  requestAnimationFrame(draw);
  await train({
    metrics: busy,
    limitBatches: 5,
    progress: false,
    trainEvaluation: false,
    validation: null,
    plugins: [],
  });
  await say({ type: 'done', frames: drawn });
}

/** How many updates are done while a timer of the page, which is hidden, comes three times. */
async function hidden(): Promise<void> {
  const stopper = new AbortController();
  let steps = 0;
  const timer = async (): Promise<number> => {
    const asked = performance.now();
    await new Promise(resolve => setTimeout(resolve));
    return performance.now() - asked;
  };
  document.addEventListener('visibilitychange', async () => {
    // browsers hold timers back some time after the page was hidden
    while ((await timer()) < 500);
    const before = steps;
    for (const _ of [1, 2, 3]) await timer();
    await say({ type: 'done', steps: steps - before, visibility: document.visibilityState });
    stopper.abort();
  });
  await train({
    metrics: busy,
    epochs: 1e6,
    signal: stopper.signal,
    trainEvaluation: false,
    validation: null,
    plugins: [],
    progress: async ({ type, step }) => {
      steps = step;
      if (type === 'step' && step === 1) await say({ type, step });
    },
  });
}

const asked = new URLSearchParams(location.search);
try {
  if (asked.has('frames')) await frames();
  else if (asked.has('hidden')) await hidden();
  else await resumable(asked.get('store'));
} catch (error) {
  await say({ type: 'failed', why: (error as Error).stack });
}
