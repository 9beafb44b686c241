/** The entry points for the GPU, in an app that has TF.js' WebGL backend, and not the one of WebGPU. */
import * as webgl from '@keepprob/kernels/webgl';
import * as webgpu from '@keepprob/kernels/webgpu';
import * as tf from '@tensorflow/tfjs';
import { dropout } from './program.js';

export async function gpuProgram() {
  if (!(await tf.setBackend('webgl'))) throw new Error('no webgl backend');
  const report = await webgl.install();
  if (!report.installed) throw new Error(JSON.stringify(report));
  await dropout();
  webgl.uninstall();

  const none = await webgpu.install({ optional: true });
  if (none.installed || !none.reason) throw new Error(JSON.stringify(none));
  return report;
}
