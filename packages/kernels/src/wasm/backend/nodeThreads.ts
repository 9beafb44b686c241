/**
 * Uses TF.js' threaded WASM build in Node, for its shared memory. TF.js disables it there, because the workers that it starts in advance cannot load from
 * `blob:` URLs. With one thread for XNNPACK none of them is ever used, so they are replaced by an object that reports that it is loaded.
 */
import * as tf from '@tensorflow/tfjs-core';
import { memoryOf } from './backend.ts';
import { isShared } from './module.ts';

/** The interface that emscripten's thread pool needs from a worker before it runs anything on it. */
class IdleWorker {
  onmessage: ((event: { data: object }) => void) | undefined;
  on(): this {
    return this;
  }
  ref(): void {}
  unref(): void {}
  terminate(): void {}
  postMessage(message: { cmd?: string }): void {
    if (message.cmd === 'load') queueMicrotask(() => this.onmessage?.({ data: { cmd: 'loaded' } }));
  }
}

/** Starts the WASM backend on shared memory and makes it the active one. Returns undefined on success, otherwise the reason for the failure. */
export async function startOnSharedMemory(): Promise<string | undefined> {
  const threads = globalThis.process?.getBuiltinModule?.('node:worker_threads') as { Worker: unknown } | undefined;
  if (!threads) return 'threads need Node 20.16 or later.';
  const running: tf.KernelBackend | undefined = tf.engine().registry.wasm;
  if (running) {
    const memory = memoryOf(running);
    if (memory && isShared(memory)) return undefined;
    return "the WASM backend is running on memory that cannot be shared. Call install({ threads }) before tf.setBackend('wasm').";
  }
  const { setThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
  const { Worker } = threads;
  const hadGlobal = Object.getOwnPropertyDescriptor(globalThis, 'Worker');
  try {
    threads.Worker = IdleWorker;
    setThreadsCount(1);
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', true);
    if (!(await tf.setBackend('wasm'))) return 'the WASM backend could not be started.';
  } finally {
    threads.Worker = Worker;
    // emscripten leaves the Worker class that it used in the global scope
    if (hadGlobal) Object.defineProperty(globalThis, 'Worker', hadGlobal);
    else delete (globalThis as { Worker?: unknown }).Worker;
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  }
  return undefined;
}
