/** The two ends of a worker, of the browser's kind and of Node's, as one. */

/** Where a worker listens and answers. */
export interface Port<In, Out> {
  onMessage(listener: (message: In) => void): void;
  post(message: Out, transfer?: readonly ArrayBuffer[]): void;
}

/** A worker as a page or a program has it: the browser's `Worker`, or Node's. */
export interface WorkerLike {
  postMessage(message: unknown, transfer?: never): void;
  terminate(): unknown;
}

interface Emitter {
  on(name: 'message' | 'error' | 'exit', listener: (value: never) => void): void;
}
interface Target {
  addEventListener(
    name: string,
    listener: (event: { data?: unknown; message?: string; preventDefault(): void }) => void,
  ): void;
}

const isEmitter = (worker: object): worker is Emitter => 'on' in worker && typeof worker.on === 'function';

/** Tells of messages, and of the worker's death: why, in words. */
export function listenTo<M>(worker: WorkerLike, onMessage: (message: M) => void, onDeath: (why: string) => void): void {
  if (isEmitter(worker)) {
    worker.on('message', onMessage as (value: never) => void);
    worker.on('error', ((error: unknown) => onDeath(error instanceof Error ? error.message : String(error))) as never);
    worker.on('exit', ((code: number) => onDeath(`it ended with code ${code}`)) as never);
    return;
  }
  const target = worker as unknown as Target;
  target.addEventListener('message', ({ data }) => onMessage(data as M));
  target.addEventListener('messageerror', () => onDeath('a message could not be read'));
  target.addEventListener('error', event => {
    event.preventDefault();
    onDeath(event.message ?? 'its module could not be loaded');
  });
}
