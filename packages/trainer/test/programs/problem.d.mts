import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Task } from '../../src/worker.ts';

export function buildModel(options?: object): LayersModel;
export function makeTask(args?: object): Task;
