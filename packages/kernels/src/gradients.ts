/**
 * Closed-form gradients on every backend of TF.js: for Tile, batch norm and layer norm with their statistics, gathers, sums and means, products, ReLU and
 * clips. The gradients of TF.js consist of many operations: a layer norm of 64 × 28 × 64 numbers slices and adds 3,700 times in one training step.
 */
import { checkOptions, option } from '@keepprob/core';
import { hold, release, whyUntested } from './gradients/install.ts';
import * as messages from './messages.ts';
import { KernelsError, type Report } from './report.ts';

const HOLDER = 'gradients';

/** Options of `install`. */
export interface InstallOptions {
  /** If true, the report says why nothing was replaced, and no error is thrown. False by default. */
  readonly optional?: boolean;
}

const optionSpecs = { optional: option.boolean({ fallback: false }) };

/**
 * Replaces the gradients of TF.js on every backend, and batch norm and layer norm of `tf.layers`, by those of this package. `install()` of
 * `@keepprob/kernels/wasm`, `/webgl` and `/webgpu` does this too. Calling it again only adds layers that were imported in the meantime, so import
 * `@tensorflow/tfjs` first. Gradients of gradients stay correct.
 * @example
 * import '@tensorflow/tfjs';
 * import { install } from '@keepprob/kernels/gradients';
 * const { gradients, layers } = await install();
 * gradients.includes('Tile'); // true
 * layers.includes('LayerNormalization'); // true
 * @throws OptionError if `optional` is not true or false
 * @throws KernelsError if this version of TF.js is not tested, or has no gradients registered, unless `optional` is true
 */
export async function install(options: InstallOptions = {}): Promise<Report> {
  const { optional } = checkOptions('install', optionSpecs, options);
  const { gradients, layers } = hold(HOLDER);
  const installed = gradients.length > 0;
  const reason = installed ? {} : { reason: whyUntested() ?? messages.noGradients };
  const report: Report = { installed, backend: 'every', active: installed, kernels: [], gradients, layers, ...reason };
  if (installed) return report;
  release(HOLDER);
  if (!optional) throw new KernelsError(report, HOLDER);
  return report;
}

/**
 * Restores TF.js' own gradients and layers, unless another entry point of this package has installed ours.
 * @example
 * await install();
 * uninstall();
 */
export const uninstall = (): void => release(HOLDER);
export { KernelsError, type Report };
