/** A common interface to both ends of a worker, in browsers and in Node. */

/** The port on which a worker listens and answers. */
export interface Port<In, Out> {
  onMessage(listener: (message: In) => void): void;
  post(message: Out, transfer?: readonly ArrayBuffer[]): void;
}

/** A worker: the browser's `Worker`, or Node's. */
export interface WorkerLike {
  /** As in the browser. */
  postMessage(message: unknown, transfer?: never): void;
  /** As in the browser. */
  terminate(): unknown;
}

interface Emitter {
  on(name: 'message' | 'error', listener: (value: unknown) => void): void;
  on(name: 'exit', listener: (code: number) => void): void;
}
interface Target {
  addEventListener(
    name: string,
    listener: (event: { data?: unknown; message?: string; preventDefault(): void }) => void,
  ): void;
}

const isEmitter = (worker: object): worker is Emitter => 'on' in worker && typeof worker.on === 'function';
const isTarget = (worker: object): worker is Target =>
  'addEventListener' in worker && typeof worker.addEventListener === 'function';

/** Whether the value can receive messages and be terminated, as a Worker can. */
export const isWorker = (value: unknown): value is WorkerLike =>
  typeof value === 'object' &&
  value !== null &&
  (isEmitter(value) || isTarget(value)) &&
  ['postMessage', 'terminate'].every(method => typeof Reflect.get(value, method) === 'function');

/** Calls `onMessage` for each message, and `onDeath` with the reason when the worker dies. */
export function listenTo<M>(worker: WorkerLike, onMessage: (message: M) => void, onDeath: (why: string) => void): void {
  const receive = (message: unknown): void => onMessage(message as M);
  if (isEmitter(worker)) {
    worker.on('message', receive);
    worker.on('error', error => onDeath(error instanceof Error ? error.message : String(error)));
    worker.on('exit', code => onDeath(`it ended with code ${code}`));
  } else if (isTarget(worker)) {
    worker.addEventListener('message', ({ data }) => receive(data));
    worker.addEventListener('messageerror', () => onDeath('a message could not be read'));
    worker.addEventListener('error', event => {
      event.preventDefault();
      onDeath(event.message ?? 'its module could not be loaded');
    });
  } else onDeath('it is not a Worker: it sends no messages');
}
