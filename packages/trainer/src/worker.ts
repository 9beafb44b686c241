/** Training off the main thread, in browsers. In Node the same names come from `worker.node.ts`. */
import type { Port } from './worker/port.ts';
import type { FromWorker, ToWorker } from './worker/protocol.ts';
import { type MakeTask, serve } from './worker/serve.ts';

export { type FitInWorkerOptions, fitInWorker } from './worker/fitInWorker.ts';
export type { WorkerRun } from './worker/life.ts';
export type { WorkerLike } from './worker/port.ts';
export type { MakeTask, Task } from './worker/serve.ts';

/**
 * Call this in the module of a worker: it makes the task when `fitInWorker` asks for it.
 * @example
 * // task.js, in the worker
 * serveFit(async ({ epochs }) => ({ model, data: { x, y }, options: { loss: 'categoricalCrossentropy', optimizer: 'adam', seed: 7, epochs } }));
 * @throws an error in the main thread
 */
export function serveFit<A>(makeTask: MakeTask<A>): void {
  const scope = globalThis as unknown as {
    postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void;
    addEventListener(name: 'message', listener: (event: { data: ToWorker }) => void): void;
  };
  const port: Port<ToWorker, FromWorker> = {
    onMessage: listener => scope.addEventListener('message', ({ data }) => listener(data)),
    post: (message, transfer = []) => scope.postMessage(message, transfer),
  };
  serve(port, makeTask);
}
