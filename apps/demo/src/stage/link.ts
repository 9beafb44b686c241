/** The page's end of the line to a worker. Whatever can go wrong with a worker becomes an event, so that nobody waits for ever. */
import type { Command, RunEvent, Told } from './protocol.ts';

export class Link<S, R> {
  readonly #spawn: () => Worker;
  readonly #take: (event: RunEvent<R>) => void;
  #worker: Worker | undefined;
  /** Whether the worker has ever said anything. */
  #heard = false;
  /** Events of a run that was started over are not listened to. */
  #run = 0;

  constructor(spawn: () => Worker, take: (event: RunEvent<R>) => void) {
    this.#spawn = spawn;
    this.#take = take;
  }

  start(settings: S): void {
    try {
      this.#worker ??= this.#open();
    } catch (error) {
      this.#fail(`This browser does not start the worker: ${error instanceof Error ? error.message : error}`);
      return;
    }
    this.send({ type: 'start', run: ++this.#run, settings, base: document.baseURI });
  }

  /** Nothing of the run there is will be heard any more. */
  stop(): void {
    this.#run++;
    this.send({ type: 'stop' });
  }

  send(command: Command<S>): void {
    this.#worker?.postMessage(command);
  }

  close(): void {
    this.#run++;
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #open(): Worker {
    const worker = this.#spawn();
    this.#heard = false;
    worker.addEventListener('message', ({ data }: MessageEvent<Told<R>>) => {
      this.#heard = true;
      if (data.run === this.#run) this.#take(data.event);
    });
    worker.addEventListener('error', event => {
      event.preventDefault();
      this.#fail(
        this.#heard
          ? `The worker broke off: ${event.message || 'it gave no reason'}.`
          : 'The program that trains could not be loaded.',
      );
    });
    worker.addEventListener('messageerror', () => this.#fail('A message of the worker could not be read.'));
    return worker;
  }

  /** The next start gets a new worker. */
  #fail(message: string): void {
    this.close();
    this.#take({ type: 'failed', message });
  }
}
