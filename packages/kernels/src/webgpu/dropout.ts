/** The dropout kernel of the WebGPU backend. */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { dropoutKernel } from '../gpu/kernel.ts';
import { draw } from './draw.ts';
import { select } from './select.ts';

export const kernel = dropoutKernel<WebGPUBackend>('webgpu', { draw, select });
