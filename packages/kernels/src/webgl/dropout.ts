/** The dropout kernel of the WebGL backend. */
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import { dropoutKernel } from '../gpu/kernel.ts';
import { draw } from './draw.ts';
import { select } from './select.ts';

export const kernel = dropoutKernel<MathBackendWebGL>('webgl', { draw, select });
