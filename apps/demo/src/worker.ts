/** The worker: picks a backend, fetches the digits once, and runs one session at a time. */
import { install } from '@keepprob/kernels/wasm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import basic from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { expose } from 'comlink';
import { type Digits, decodeDigits } from './lib/digits.ts';
import type { Settings } from './lib/params.ts';
import type { TrainingEvent } from './lib/protocol.ts';
import { Session } from './lib/session.ts';

setWasmPaths({
  'tfjs-backend-wasm.wasm': basic,
  'tfjs-backend-wasm-simd.wasm': simd,
  'tfjs-backend-wasm-threaded-simd.wasm': threaded,
});

async function chooseBackend(): Promise<void> {
  if (!(await tf.setBackend('wasm').catch(() => false))) await tf.setBackend('cpu');
  await tf.ready();
  await install({ optional: true });
}

async function fetchDigits(url: string): Promise<Digits> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The digits could not be fetched: ${response.status} ${response.statusText}.`);
  return decodeDigits(await response.arrayBuffer());
}

let backend: Promise<void> | undefined;
let digits: Promise<Digits> | undefined;
let session: Session | undefined;
let running: Promise<void> | undefined;
/** Counts starts and stops: a start that was overtaken while it waited does nothing more. */
let turn = 0;

const api = {
  /** Ends the run there is, then starts one; resolves once it has begun. */
  async start(settings: Settings, url: string, emit: (event: TrainingEvent) => void): Promise<void> {
    await api.stop();
    const mine = turn;
    backend ??= chooseBackend();
    digits ??= fetchDigits(url).catch(error => {
      digits = undefined;
      throw error;
    });
    await backend;
    const loaded = await digits;
    if (mine !== turn) return;
    session = new Session(settings, loaded, emit);
    running = session.run();
  },
  change: (settings: Settings): void => session?.change(settings),
  pause: (): void => session?.pause(),
  resume: (): void => session?.resume(),
  async stop(): Promise<void> {
    turn++;
    session?.stop();
    await running;
    session = undefined;
  },
};

export type Api = typeof api;
expose(api);
