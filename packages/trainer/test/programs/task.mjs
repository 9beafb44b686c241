/** A worker that trains the problem, and may be told to fail or to die. */

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, threadId, workerData } from 'node:worker_threads';
import { directoryStore } from '@keepprob/trainer/node';
import { serveFit } from '@keepprob/trainer/worker';
import * as tf from '@tensorflow/tfjs-core';
import { makeTask } from './problem.mjs';

serveFit(({ directory, diesAt, diesOnce, hangsAt, computes, fails, differs, yields, ...args }) => {
  if (fails === 'task') throw new RangeError('no such task');
  const task = makeTask(args);
  if (differs && workerData > 0) task.model.setWeights(task.model.getWeights().map(w => tf.add(w, workerData)));
  const die = ({ type, step }) => {
    if (type !== 'step' || step !== diesAt) return;
    if (diesOnce) {
      if (existsSync(diesOnce)) return;
      writeFileSync(diesOnce, '');
    }
    process.exit(7);
  };
  const hang = ({ type, step }) => {
    if (type !== 'step' || step !== hangsAt) return undefined;
    parentPort.postMessage({ type: 'hanging' });
    while (computes);
    return new Promise(() => setInterval(() => undefined, 1000));
  };
  return {
    ...task,
    ...(fails === 'data' && { data: { x: [[1]], y: [[1, 0]] } }),
    options: {
      ...task.options,
      listeners: [die, hang],
      ...(yields && { onYield: () => writeFileSync(join(yields, `${threadId}`), '') }),
      ...(directory && { checkpoint: { store: directoryStore(directory), every: 1 } }),
    },
  };
});
