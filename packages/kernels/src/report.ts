/** The report of `install()`, and the error that it throws if it could do nothing. */
import * as tf from '@tensorflow/tfjs-core';
import * as messages from './messages.ts';

/** The report of `install()`. */
export interface Report {
  /** False if the stock kernels stay; `reason` says why. */
  readonly installed: boolean;
  /** The backend of the kernels; 'every' for gradients alone. */
  readonly backend: string;
  /** Whether TF.js currently computes on that backend, so that the kernels are used. */
  readonly active: boolean;
  /** The names in TF.js of the kernels that were replaced or added. */
  readonly kernels: readonly string[];
  /** The names in TF.js of the kernels that now have closed-form gradients, on every backend. */
  readonly gradients: readonly string[];
  /** The names of the layers, activations and losses of TF.js that are now one operation with one gradient. */
  readonly layers: readonly string[];
  /** Why nothing was installed, or why the kernels are not used. */
  readonly reason?: string;
}

/**
 * `install()` could not provide kernels for the backend that TF.js computes on.
 * @example
 * await tf.setBackend('cpu');
 * const error = await install().catch(reason => reason);
 * error instanceof KernelsError; // true
 * error.report.active; // false
 */
export class KernelsError extends Error {
  /** 'KernelsError'. */
  override readonly name: string = 'KernelsError';
  /** What `install({ optional: true })` would have returned. */
  readonly report: Report;

  /** @param entry the entry point of this package whose `install()` failed */
  constructor(report: Report, entry: string = report.backend) {
    super(messages.noKernels(entry, report.reason ?? inactive(report.backend)));
    this.report = report;
  }
}

/** Whether TF.js computes on this backend. The registry is checked because TF.js keeps the name of a backend that could not be started. */
export const isActive = (backend: string): boolean => tf.getBackend() === backend && backend in tf.engine().registry;

/** The message that kernels of this backend would not be used, because TF.js computes on another one. */
export function inactive(backend: string): string {
  const isRunning = backend in tf.engine().registry;
  const active = tf.getBackend();
  return messages.inactive(backend, active && isActive(active) ? active : 'no backend', isRunning);
}
