/**
 * Dropout that draws its masks in a compute shader, for the WebGPU backend of TF.js.
 *
 *     import { install } from '@keepprob/kernels/webgpu';
 *     await install();
 */
import { installKernel, uninstallKernel } from './gpu/install.ts';
import type { Report } from './report.ts';
import { kernel } from './webgpu/dropout.ts';

export type { Report } from './report.ts';

/**
 * Lets dropout run as one shader on the `webgpu` backend; initialises the backend if that has not happened. Calling it again changes
 * nothing. Never throws for what the environment lacks: the report says why nothing was installed.
 */
export const install = (): Promise<Report> => installKernel(kernel);

/** Back to TF.js' own kernels. */
export const uninstall = (): void => uninstallKernel(kernel);
