/** A process that runs what it is asked. */
import { install } from '@keepprob/kernels/wasm';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import type { Answer } from './journal.ts';
import type { Ask } from './lanes.ts';
import { questionOf } from './questions.ts';

await tf.setBackend('wasm');
await install();
process.on('message', async ({ question, index }: Ask) => {
  const before = process.cpuUsage();
  const result = await questionOf(question).run(index);
  // a busy machine would make the time by the clock longer
  const { user, system } = process.cpuUsage(before);
  const answer: Answer = { seconds: (user + system) / 1e6, result };
  process.send?.(answer);
});
