/**
 * Dropout that draws its masks in a fragment shader, for the WebGL backend of TF.js.
 *
 *     import { install } from '@keepprob/kernels/webgl';
 *     await install();
 */
import * as tf from '@tensorflow/tfjs-core';
import { installKernel, uninstallKernel } from './gpu/install.ts';
import type { Report } from './report.ts';
import { kernel } from './webgl/dropout.ts';

export type { Report } from './report.ts';

const obstacle = (): string | undefined =>
  tf.env().getNumber('WEBGL_VERSION') === 2 ? undefined : 'WebGL 1 has no integers in shaders; WebGL 2 is needed.';

/**
 * Lets dropout run as one shader on the `webgl` backend; initialises the backend if that has not happened. Calling it again changes
 * nothing. Never throws for what the environment lacks: the report says why nothing was installed.
 */
export const install = (): Promise<Report> => installKernel(kernel, obstacle);

/** Back to TF.js' own kernels. */
export const uninstall = (): void => uninstallKernel(kernel);
