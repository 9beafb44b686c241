import { OptionError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';

export const backends = ['wasm', 'cpu'] as const;
export type Backend = (typeof backends)[number];

/** Sets the backend of TF.js, for WASM with the kernels of @keepprob/kernels. Returns a description of it. */
export async function openBackend(backend: Backend, threads: number): Promise<string> {
  // otherwise TF.js recommends tfjs-node at the first tensor
  tf.enableProdMode();
  if (backend === 'cpu') {
    await tf.setBackend('cpu');
    return 'cpu (JavaScript)';
  }
  await import('@tensorflow/tfjs-backend-wasm');
  const { install } = await import('@keepprob/kernels/wasm');
  // with threads, `install` starts the backend itself, on memory that they can share
  if (threads > 1) await install({ threads, optional: true });
  if (!(await tf.setBackend('wasm')))
    throw OptionError.of('train', 'backend', '"cpu" where WebAssembly does not start', backend);
  const report = await install({ threads, optional: true });
  if (!report.installed) return `wasm with stock kernels: ${report.reason}`;
  const by = report.threads === 1 ? '1 thread' : `${report.threads} threads`;
  return `wasm with ${report.kernels.length} kernels of @keepprob/kernels (${report.build}, ${by})${report.reason ? `; ${report.reason}` : ''}`;
}
