/** What `install()` did, and the error that it throws where that is nothing. */
import * as tf from '@tensorflow/tfjs-core';
import * as messages from './messages.ts';

/** What `install()` did. */
export interface Report {
  /** False where the stock kernels stay; `reason` says why. */
  readonly installed: boolean;
  /** The backend whose kernels these are; 'every' for gradients alone. */
  readonly backend: string;
  /** Whether TF.js computes on that backend now, so that the kernels act. */
  readonly active: boolean;
  /** The kernels that were replaced or added, by TF.js' names. */
  readonly kernels: readonly string[];
  /** The kernels whose gradients are in closed form now, on every backend, by TF.js' names. */
  readonly gradients: readonly string[];
  /** The layers, activations and losses of TF.js that are one operation with one gradient now, by their names. */
  readonly layers: readonly string[];
  /** Why nothing was installed, or why the kernels do not act. */
  readonly reason?: string;
}

/**
 * `install()` left the backend that TF.js computes on without kernels.
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

  /** @param entry of this package whose `install()` it was */
  constructor(report: Report, entry: string = report.backend) {
    super(messages.noKernels(entry, report.reason ?? inactive(report.backend)));
    this.report = report;
  }
}

/** Whether TF.js computes on this backend. It keeps the name of one that could not be started. */
export const isActive = (backend: string): boolean => tf.getBackend() === backend && backend in tf.engine().registry;

/** Why kernels of this backend would not act: TF.js computes on another one. */
export function inactive(backend: string): string {
  const isRunning = backend in tf.engine().registry;
  const active = tf.getBackend();
  return messages.inactive(backend, active && isActive(active) ? active : 'no backend', isRunning);
}
