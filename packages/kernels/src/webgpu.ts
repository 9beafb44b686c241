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
 * const { active, reason } = await install({ optional: true }); // for code that also works without the kernel
 * @throws OptionError if `optional` is not true or false
 * @throws KernelsError if the kernel would not be used: TF.js computes on another backend, or the device cannot run it. With `optional`, no error is
 * thrown: the backend is initialized if it was not, and the report says why nothing was installed
 */
export const install = (options: InstallOptions = {}): Promise<Report> => installKernel(kernel, options);

/**
 * Restores TF.js' own kernels.
 * @example
 * await install({ optional: true });
 * uninstall();
 */
export const uninstall = (): void => uninstallKernel(kernel);
