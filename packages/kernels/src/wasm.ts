/**
 * Fast kernels for TF.js' WebAssembly backend: matrix products and convolutions with all gradients, pooling, sums, dropout and optimizer
 * updates, which work directly on the backend's memory.
 */

import { checkOptions, option } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import { hold, type Installed, release, whyUntested } from './gradients/install.ts';
import { threadsForbidden } from './messages.ts';
import { inactive, isActive, KernelsError, type Report } from './report.ts';
import { isWasmBackend, memoryOf } from './wasm/backend/backend.ts';
import { startsInTime } from './wasm/backend/blobWorkers.ts';
import { type Build, bestBuild, isShared } from './wasm/backend/module.ts';
import { startOnSharedMemory } from './wasm/backend/nodeThreads.ts';
import { Installation } from './wasm/install.ts';

/** The report of `install()` for the WASM backend. */
export interface WasmReport extends Report {
  /** Always 'wasm'. */
  readonly backend: 'wasm';
  /** The instructions in use: SIMD, or relaxed SIMD with fused multiply-add. */
  readonly build?: Build;
  /** Number of threads for matrix products and convolutions. */
  readonly threads: number;
}

/** Options of `install`. */
export interface InstallOptions {
  /**
   * Number of threads for matrix products and convolutions; results are bitwise identical to those of one thread. By default up to 4 in a page that is
   * cross-origin isolated, and 1 elsewhere. In Node, more than 1 starts the WASM backend on shared memory, so it must not be running yet.
   */
  readonly threads?: number;
  /** If true, the report says why no kernels can be used now, and no error is thrown; kernels for a backend that is not in use are installed for later. False by default. */
  readonly optional?: boolean;
}

const HOLDER = 'wasm';

type OfKernels = Omit<WasmReport, keyof Installed>;

let installation: Installation | undefined;
let installing: Promise<OfKernels> | undefined;

const isNode = (): boolean => typeof globalThis.process?.versions?.node === 'string';

/**
 * Installs the kernels for every WASM backend of this page or process. Calling it again has no effect.
 * @example
 * import '@tensorflow/tfjs-backend-wasm';
 * import { install } from '@keepprob/kernels/wasm';
 * await tf.setBackend('wasm');
 * await install();        // { installed: true, active: true, build: 'simd', threads: 1, kernels: ['BatchMatMul', …] }
 * @returns a report of what was installed
 * @throws OptionError if `threads` is not an integer from 1 to 64
 * @throws KernelsError if the kernels would not be used, unless `optional` is true: TF.js computes on another backend (as after a `setBackend` that
 * returned false), the engine has no SIMD, this version of TF.js is not tested, or TF.js waits for threads that a Content-Security-Policy forbids
 */
export async function install(options: InstallOptions = {}): Promise<WasmReport> {
  const { threads, optional } = checkOptions('install', optionSpecs, options);
  installing ??= start(threads, optional);
  const done = await installing;
  if (!done.installed) installing = undefined;
  const held = done.installed ? hold(HOLDER) : { gradients: [], layers: [] };
  const report = {
    ...done,
    ...held,
    layers: [...held.layers, ...(installation?.standIn() ?? [])],
    active: done.installed && isActive('wasm'),
  };
  if (!report.active && !optional) throw new KernelsError(report);
  return report;
}

async function start(wanted: number | undefined, optional: boolean): Promise<OfKernels> {
  const no = (reason: string): OfKernels => ({
    installed: false,
    backend: 'wasm',
    kernels: [],
    threads: 1,
    active: false,
    reason,
  });
  if (!tf.getKernel('BatchMatMul', 'wasm')) {
    return no("the WASM backend is not registered. Add `import '@tensorflow/tfjs-backend-wasm'` first.");
  }
  const untested = whyUntested();
  if (untested !== undefined) return no(untested);
  const build = bestBuild();
  if (!build) return no('this JavaScript engine has no WebAssembly SIMD.');
  const several = wanted !== undefined && wanted > 1;
  let oneThread = several && isNode() ? await startOnSharedMemory() : undefined;
  if (!(await startsInTime())) return no(threadsForbidden());
  const active = isActive('wasm');
  if (!active && !optional) return no(inactive('wasm'));
  const backend = active ? tf.backend() : undefined;
  const memory = memoryOf(backend);
  if (backend && !isWasmBackend(backend)) return no('this WASM backend is not the one of TF.js 4.22.');
  const most = wanted ?? (isNode() ? 1 : Math.min(4, globalThis.navigator?.hardwareConcurrency ?? 1));
  if (several && memory && !isShared(memory)) oneThread ??= 'threads need a page that is cross-origin isolated.';
  installation = new Installation(build, most);
  let threads = 1;
  try {
    if (backend) threads = await installation.prepare(backend);
  } catch (error) {
    uninstall();
    return no(`the WebAssembly module does not start: ${error instanceof Error ? error.message : error}`);
  }
  const { kernels } = installation;
  const reason = oneThread === undefined ? {} : { reason: `one thread: ${oneThread}` };
  return { installed: true, backend: 'wasm', build, threads, active, kernels, ...reason };
}

const optionSpecs = {
  threads: option.optional(option.number({ min: 1, max: 64, integer: true })),
  optional: option.boolean({ fallback: false }),
};

/**
 * Restores the stock kernels and frees the memory of the installed ones.
 * @example
 * await tf.setBackend('wasm');
 * await install();
 * uninstall();
 */
export function uninstall(): void {
  installation?.remove();
  release(HOLDER);
  installation = undefined;
  installing = undefined;
}
export { type Build, KernelsError, type Report };
