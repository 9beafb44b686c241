/** A thread with a TF.js of its own: takes jobs, reports epochs and results. */
import { parentPort } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { install } from '@keepprob/kernels/wasm';
import { type Job, runJob } from './comparison.ts';
import { comparisons } from './comparisons.ts';

await tf.setBackend('wasm');
await install();
parentPort?.on('message', async (job: Job) => {
  const result = await runJob(comparisons[job.example]!, job, ({ type, epoch, logs }) => {
    if (type === 'epoch') parentPort?.postMessage({ type, epoch: epoch + 1, logs });
  });
  parentPort?.postMessage({ type: 'result', result });
});
parentPort?.postMessage({ type: 'ready' });
