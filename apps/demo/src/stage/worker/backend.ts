/** The backend of a worker: WebAssembly with our kernels, or plain JavaScript where that cannot be had. */
import { install } from '@keepprob/kernels/wasm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import basic from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import type { Runtime } from '../protocol.ts';

setWasmPaths({
  'tfjs-backend-wasm.wasm': basic,
  'tfjs-backend-wasm-simd.wasm': simd,
  'tfjs-backend-wasm-threaded-simd.wasm': threaded,
});

async function choose(): Promise<Runtime> {
  const wasm = await tf.setBackend('wasm').catch(() => false);
  if (!wasm) await tf.setBackend('cpu');
  await tf.ready();
  const { active, threads, reason } = await install({ optional: true });
  return { backend: tf.getBackend(), kernels: active, threads: active ? threads : 1, reason };
}

let chosen: Promise<Runtime> | undefined;

/** Chosen once; asked again after a failure. */
export function chooseBackend(): Promise<Runtime> {
  chosen ??= choose().catch(error => {
    chosen = undefined;
    throw error;
  });
  return chosen;
}
