/**
 * In a page that is cross-origin isolated, TF.js starts the WASM backend with threads: workers from `blob:` URLs, which load a script from another such URL.
 * If a Content-Security-Policy forbids either, TF.js waits forever.
 */
import * as tf from '@tensorflow/tfjs-core';

const blobURL = (program: string): string => URL.createObjectURL(new Blob([program], { type: 'text/javascript' }));

/** Whether such a worker can start, tested with one that ends at once. */
async function blobWorkerStarts(): Promise<boolean> {
  const script = blobURL('postMessage(0)');
  const main = blobURL(`importScripts(${JSON.stringify(script)})`);
  let worker: Worker | undefined;
  try {
    const trial = new Worker(main);
    worker = trial;
    return await new Promise<boolean>(resolve => {
      trial.onmessage = () => resolve(true);
      trial.onerror = event => {
        event.preventDefault();
        resolve(false);
      };
    });
  } catch {
    return false;
  } finally {
    worker?.terminate();
    for (const url of [main, script]) URL.revokeObjectURL(url);
  }
}

/** Returns true once the backend is ready or has failed, and false if it would wait forever for threads that are not allowed to start. */
export async function startsInTime(): Promise<boolean> {
  // rejects if no backend starts; the backend is then not active
  const ready = tf.ready().then(
    () => true,
    () => true,
  );
  const isStarting = tf.getBackend() === 'wasm' && !('wasm' in tf.engine().registry);
  const isolated = (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === true;
  if (!isStarting || !isolated || !(await tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT'))) return ready;
  return Promise.race([ready, blobWorkerStarts().then(starts => (starts ? ready : false))]);
}
