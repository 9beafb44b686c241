/** One process that computes, as seen by the coordinator, which starts it, sends it units, watches it and ends it. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Job, UnitResult } from '../contract.ts';
import { SearchError, TrialError } from '../errors.ts';
import * as messages from '../messages.ts';
import type { FromChild, StoredTask, ToChild } from './protocol.ts';

/** The process died or was silent for too long: the trial itself did not fail. */
export class Died extends Error {}

/** The pending request. */
interface Asked {
  readonly id: number;
  readonly onEpoch: ((epoch: number, value: number) => void) | undefined;
  resolve(result: UnitResult): void;
  reject(error: unknown): void;
}

/** The built program; the path is right from the sources as well as from the build. */
const PROGRAM = fileURLToPath(new URL('../../dist/engines/child.js', import.meta.url));
/** Silence is counted in beats of the coordinator itself, so that workers survive when the machine sleeps. */
const BEATS = 10;
/** Minimum time in milliseconds that a process gets for loading and reading, since it is silent meanwhile. */
const LOADING = 120_000;
/** Milliseconds that a process gets to end by itself. */
const GRACE = 2000;

export class Worker {
  /** Resolves when the process can take units. */
  readonly ready: Promise<void>;
  readonly #child: ChildProcess;
  readonly #watch: NodeJS.Timeout;
  readonly #exit: Promise<void>;
  #asked: Asked | undefined;
  #silent = 0;
  #why: string | undefined;
  #count = 0;
  #isGone = false;
  #isReady = false;

  constructor(task: StoredTask, heartbeat: number) {
    const execArgv = process.execArgv.filter(argument => !argument.startsWith('--inspect'));
    const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
    this.#child = fork(PROGRAM, { serialization: 'advanced', stdio: [...stdio], execArgv });
    const beat = heartbeat / BEATS;
    this.#watch = setInterval(() => this.#listen(heartbeat), beat);
    this.ready = new Promise((resolve, reject) => {
      this.#asked = { id: -1, onEpoch: undefined, resolve: () => resolve(), reject };
    });
    this.ready.catch(() => undefined);
    this.#exit = new Promise(resolve => {
      const gone = (why: string): void => {
        this.#isGone = true;
        clearInterval(this.#watch);
        this.#settle()?.reject(new Died(this.#why ?? why));
        resolve();
      };
      this.#child.once('error', error => gone(error.message));
      this.#child.once('exit', (code, signal) => gone(signal ? `signal ${signal}` : `code ${code}`));
    });
    this.#child.on('message', (message: FromChild) => this.#receive(message));
    this.#send({ type: 'open', task, beat });
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** @throws Died; TrialError */
  run(job: Job, signal: AbortSignal, onEpoch: Asked['onEpoch']): Promise<UnitResult> {
    const id = this.#count++;
    if (this.#isGone) return Promise.reject(new Died(this.#why ?? 'it was gone'));
    const abort = (): void => {
      this.#send({ type: 'abort', id });
      // a trial that ignores the signal is killed
      setTimeout(() => this.#asked?.id === id && this.#kill('it did not stop'), GRACE).unref();
    };
    const done = new Promise<UnitResult>((resolve, reject) => {
      this.#asked = { id, onEpoch, resolve, reject };
      signal.addEventListener('abort', abort, { once: true });
      this.#send({ type: 'run', id, job });
    });
    return done.finally(() => signal.removeEventListener('abort', abort));
  }

  /** Ends the process; resolves when it is gone. */
  async end(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const late = setTimeout(() => this.#kill('it did not end'), GRACE);
    await this.#exit;
    clearTimeout(late);
  }

  #kill(why: string): void {
    this.#why ??= why;
    this.#child.kill('SIGKILL');
  }

  #send(message: ToChild): void {
    // if the process is gone, its exit event tells
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  #settle(): Asked | undefined {
    const asked = this.#asked;
    this.#asked = undefined;
    return asked;
  }

  #listen(heartbeat: number): void {
    this.#silent++;
    const most = this.#isReady ? heartbeat : Math.max(heartbeat, LOADING);
    if (this.#silent > (BEATS * most) / heartbeat) this.#kill(messages.silent(most));
  }

  #receive(message: FromChild): void {
    this.#silent = 0;
    if (message.type === 'beat') return;
    const id = 'id' in message ? message.id : -1;
    // the message is about an abandoned unit, or a duplicate
    if (this.#asked?.id !== id) return;
    if (message.type === 'epoch') this.#asked.onEpoch?.(message.epoch, message.value);
    else if (message.type === 'done') this.#settle()?.resolve(message.result);
    else if (message.type === 'failed') this.#settle()?.reject(new TrialError(message.reason));
    else if (message.type === 'refused')
      this.#settle()?.reject(new SearchError('worker', messages.refused(message.reason)));
    else this.#ready();
  }

  #ready(): void {
    this.#isReady = true;
    const nothing = {
      trial: -1,
      fold: -1,
      seed: 0,
      value: 0,
      train: null,
      epochs: 0,
      curve: [],
      seconds: 0,
      backend: '',
    };
    this.#settle()?.resolve(nothing);
  }
}
