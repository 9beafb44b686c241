/**
 * Dropout that draws its masks in a fragment shader, for the WebGL backend of TF.js.
 *
 *     import { install } from '@keepprob/kernels/webgl';
 *     await tf.setBackend('webgl');
 *     await install();
 */
import * as tf from '@tensorflow/tfjs-core';
import { type InstallOptions, installKernel, uninstallKernel } from './gpu/install.ts';
import type { Report } from './report.ts';
import { kernel } from './webgl/dropout.ts';

export { KernelsError, type Report } from './report.ts';
export type { InstallOptions };

const obstacle = (): string | undefined =>
  tf.env().getNumber('WEBGL_VERSION') === 2 ? undefined : 'WebGL 1 has no integers in shaders; WebGL 2 is needed.';

/**
 * Lets dropout run as one shader on the `webgl` backend. Calling it again changes nothing.
 * @example
 * const { active, reason } = await install({ optional: true }); // for code that also works without the kernel
 * @throws OptionError if `optional` is not true or false
 * @throws KernelsError if the kernel would not be used: TF.js computes on another backend, or the device cannot run it. With `optional`, no error is
 * thrown: the backend is initialized if it was not, and the report says why nothing was installed
 */
export const install = (options: InstallOptions = {}): Promise<Report> => installKernel(kernel, options, obstacle);

/**
 * Restores TF.js' own kernels.
 * @example
 * await install({ optional: true });
 * uninstall();
 */
export const uninstall = (): void => uninstallKernel(kernel);
