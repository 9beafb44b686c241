/** Training off the main thread, in Node: `fitInWorker(() => new Worker(new URL('./task.js', import.meta.url)))` with the Worker of `node:worker_threads`. */
import { parentPort } from 'node:worker_threads';
import * as messages from './messages.ts';
import type { ToWorker } from './worker/protocol.ts';
import { type MakeTask, serve } from './worker/serve.ts';

export { type FitInWorkerOptions, fitInWorker } from './worker/fitInWorker.ts';
export type { WorkerRun } from './worker/life.ts';
export type { WorkerLike } from './worker/port.ts';
export type { MakeTask, Task } from './worker/serve.ts';

/** Call this in the module of a worker: it makes the task when `fitInWorker` asks for it. */
export function serveFit<A>(makeTask: MakeTask<A>): void {
  const port = parentPort;
  if (!port) throw new Error(messages.notInWorker());
  serve(
    {
      onMessage: listener => void port.on('message', (message: ToWorker) => listener(message)),
      post: (message, transfer = []) => port.postMessage(message, [...transfer]),
    },
    makeTask,
  );
}
