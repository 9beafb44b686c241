/** A page that trains as soon as it is loaded. What it is for stands behind the question mark of its address. */
import { dropout } from '@keepprob/dropout';
import { earlyStopping } from '@keepprob/stopping';
import { type FitOptions, fit, indexedDBStore } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';

const asked = new URLSearchParams(location.search);

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

/** Epochs of 13 updates, as many as the address says, with dropout, Adam and early stopping, unless the options say otherwise; gives the weights. */
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
    epochs: Number(asked.get('epochs')),
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

/** Nothing but such updates. */
const bare: Partial<FitOptions> = { metrics: busy, trainEvaluation: false, validation: null, plugins: [] };

/** Saved after every update in the store of this name, from which it goes on; without a name, saved nowhere. */
async function resumable(store: string | null): Promise<void> {
  const weights = await train({
    progress: ({ type, step }) => (type === 'end' ? undefined : (say({ type, step }) as Promise<void>)),
    ...(store && { checkpoint: { store: indexedDBStore(store), every: 1 }, resume: true }),
  });
  await say({ type: 'done', weights });
}

/** The transaction of the nth write stays open: whoever ends the page ends it in the middle of a write. Opened again, it holds nothing. */
function holdWrite(n: number): void {
  const { put } = IDBObjectStore.prototype;
  let writes = 0;
  IDBObjectStore.prototype.put = function (value, key) {
    const request = put.call(this, value, key);
    const goOn = (): void => {
      this.get('nothing').onsuccess = goOn;
    };
    if (++writes === n) {
      goOn();
      void say({ type: 'writing', step: n });
    }
    return request;
  };
  asked.delete('hold');
  history.replaceState(null, '', `?${asked}`);
}

/** Trains until the page has drawn ten frames, or for 2,000 updates, which a page that has its turn does not need; tells how many it drew. */
async function frames(): Promise<void> {
  const stopper = new AbortController();
  let drawn = 0;
  const draw = (): void => {
    if (++drawn === 10) stopper.abort();
    requestAnimationFrame(draw);
  };
  await new Promise(resolve => requestAnimationFrame(resolve));
  requestAnimationFrame(draw);
  await train({ ...bare, epochs: 400, limitBatches: 5, signal: stopper.signal, progress: false });
  await say({ type: 'done', frames: drawn });
}

/** Trains until 20 updates were done while the page was hidden and its timers and frames did not come at all: browsers make them rare. */
async function hidden(): Promise<void> {
  const stopper = new AbortController();
  const never = (): number => 0;
  document.addEventListener('visibilitychange', () => {
    Object.assign(globalThis, { setTimeout: never, setInterval: never, requestAnimationFrame: never });
  });
  let done = 0;
  await train({
    ...bare,
    epochs: 1e6,
    signal: stopper.signal,
    progress: async ({ type, step }) => {
      if (type === 'step' && step === 1) await say({ type, step });
      if (type === 'step' && document.visibilityState === 'hidden' && ++done === 20) stopper.abort();
    },
  });
  await say({ type: 'done', visibility: document.visibilityState });
}

/** A page that is left gives up what it was about to tell: that is no failure. */
let isLeft = false;
for (const leaving of ['beforeunload', 'pagehide']) {
  addEventListener(leaving, () => {
    isLeft = true;
  });
}

try {
  if (asked.has('hold')) holdWrite(Number(asked.get('hold')));
  if (asked.has('frames')) await frames();
  else if (asked.has('hidden')) await hidden();
  else await resumable(asked.get('store'));
} catch (error) {
  if (!isLeft) await say({ type: 'failed', why: `${error}\n${(error as Error).stack}` });
}
