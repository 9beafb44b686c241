/**
 * Dropout that draws its masks in a compute shader, for the WebGPU backend of TF.js.
 *
 *     import { install } from '@keepprob/kernels/webgpu';
 *     await tf.setBackend('webgpu');
 *     await install();
 */
import { type InstallOptions, installKernel, uninstallKernel } from './gpu/install.ts';
import type { Report } from './report.ts';
import { kernel } from './webgpu/dropout.ts';

export { KernelsError, type Report } from './report.ts';
export type { InstallOptions };

/**
 * Lets dropout run as one shader on the `webgpu` backend. Calling it again changes nothing.
 * @example
 * const { active, reason } = await install({ optional: true }); // in front of what would work without, too
 * @throws OptionError where `optional` is not true or false
 * @throws KernelsError where the kernel would not act: TF.js computes on another backend, or the device cannot run it; unless it is `optional`:
 * then the backend is initialised if that has not happened, and the report says why nothing was installed
 */
export const install = (options: InstallOptions = {}): Promise<Report> => installKernel(kernel, options);

/**
 * Back to TF.js' own kernels.
 * @example
 * await install({ optional: true });
 * uninstall();
 */
export const uninstall = (): void => uninstallKernel(kernel);
