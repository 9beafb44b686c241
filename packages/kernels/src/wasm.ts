/**
 * Fast kernels for TF.js' WebAssembly backend: matrix products and convolutions with all gradients, pooling, sums, dropout and optimizer
 * updates, in place on the backend's own memory.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Report } from './report.ts';
import { memoryOf, type WasmBackend } from './wasm/backend.ts';
import { Installation } from './wasm/install.ts';
import { type Build, bestBuild } from './wasm/module.ts';

export interface WasmReport extends Report {
  readonly backend: 'wasm';
  /** The instructions in use: SIMD, or relaxed SIMD with fused multiply-add. */
  readonly build?: Build;
  /** False while TF.js computes on another backend: the kernels act once `tf.setBackend('wasm')` is called. */
  readonly active: boolean;
}

const TESTED = '4.22.';

let installation: Installation | undefined;
let report: WasmReport | undefined;

/**
 * Installs the kernels for every WASM backend of this page or process. Calling it again does nothing.
 * @example
 * import '@tensorflow/tfjs-backend-wasm';
 * import { install } from '@keepprob/kernels/wasm';
 * await tf.setBackend('wasm');
 * await install();        // { installed: true, build: 'simd', kernels: ['BatchMatMul', …] }
 * @returns what was done; where the engine has no SIMD or TF.js is not as tested, nothing, and why.
 */
export async function install(): Promise<WasmReport> {
  await tf.ready();
  if (report) return { ...report, active: tf.getBackend() === 'wasm' };
  const no = (reason: string): WasmReport => ({
    installed: false,
    backend: 'wasm',
    kernels: [],
    active: false,
    reason,
  });
  if (!tf.getKernel('BatchMatMul', 'wasm')) {
    return no("the WASM backend is not there. Add `import '@tensorflow/tfjs-backend-wasm'` before.");
  }
  if (!tf.version_core.startsWith(TESTED)) {
    return no(`the kernels are tested with TensorFlow.js ${TESTED}x; this is ${tf.version_core}.`);
  }
  const active = tf.getBackend() === 'wasm';
  if (active && !memoryOf(tf.backend() as WasmBackend)) return no('this WASM backend is not the one of TF.js 4.22.');
  const build = bestBuild();
  if (!build) return no('this JavaScript engine has no WebAssembly SIMD.');
  installation = new Installation(build);
  report = { installed: true, backend: 'wasm', build, active, kernels: installation.kernels };
  return report;
}

/** Puts the stock kernels back and gives back what ours held. */
export function uninstall(): void {
  installation?.remove();
  installation = undefined;
  report = undefined;
}
export type { Build, Report };
