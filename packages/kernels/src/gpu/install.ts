/**
 * Puts a dropout kernel into TF.js' registry, for a backend that is there and on which the kernel draws the masks it must.
 * The registry is all the state there is.
 */
import type { DropoutKernelAttrs } from '@keepprob/core/kernels';
import { keepBits, keepScale } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import type { Report } from '../report.ts';

/** What both GPU backends of TF.js have, and all that the proof below needs. */
interface Memory {
  makeTensorInfo(shape: number[], dtype: tf.DataType, values: Float32Array): tf.TensorInfo;
  read(dataId: object): Promise<tf.BackendValues>;
  disposeData(dataId: object): unknown;
}

/** The backend's instance, initialised if it was not; null where it is not registered or cannot be initialised. */
async function instanceOf(backend: string): Promise<tf.KernelBackend | null> {
  if (!tf.engine().backendNames().includes(backend)) return null;
  if (tf.getBackend() === backend) await tf.ready();
  const instance = tf.findBackend(backend);
  if (instance) return instance;
  // one that is initialised asynchronously was only started by that look-up
  await tf.ready();
  return tf.engine().registry[backend] ?? null;
}

/** Whether the kernel gives the values of `keepBits` on this device, for a draw whose numbers pass 2³¹, and with a NaN in every row. */
async function isExact(kernel: tf.KernelConfig, backend: tf.KernelBackend): Promise<boolean> {
  const memory = backend as unknown as Memory;
  const shape = [5, 7];
  const [seedLow, seedHigh, step, site, draw] = [0x9abcdef1, 0x1fffff, 0x80000001, 3, 2] as const;
  const rows = [2 ** 29 + 3, 2 ** 30] as const;
  const values = Float32Array.from({ length: 35 }, (_, i) => (i % 7 === 4 ? Number.NaN : i + 1));
  const bits = keepBits(shape, 0.5, { seed: seedHigh * 2 ** 32 + seedLow, step, site, draw }, rows);
  const scale = keepScale(0.5);
  const attrs: DropoutKernelAttrs = {
    noiseShape: shape,
    first: rows[0] * 7,
    seedLow,
    seedHigh,
    step,
    site,
    draw,
    threshold: 32768,
    scale,
  };
  const x = memory.makeTensorInfo(shape, 'float32', values.slice());
  const y = kernel.kernelFunc({
    inputs: { x },
    attrs: attrs as unknown as tf.NamedAttrMap,
    backend,
  }) as tf.TensorInfo;
  const given = (await memory.read(y.dataId)) as Float32Array;
  memory.disposeData(x.dataId);
  memory.disposeData(y.dataId);
  return values.every((value, i) => Object.is(given[i], bits[i] ? value * scale : 0));
}

/**
 * Registers the kernel, once; what is wrong with the environment is reported, never thrown.
 * @param obstacle says what stands in the way on a backend that runs
 */
export async function installKernel(kernel: tf.KernelConfig, obstacle?: () => string | undefined): Promise<Report> {
  const { kernelName, backendName: backend } = kernel;
  const not = (reason: string): Report => ({ installed: false, backend, kernels: [], reason });
  const done: Report = { installed: true, backend, kernels: [kernelName] };
  if (tf.getKernel(kernelName, backend)) return done;
  try {
    const instance = await instanceOf(backend);
    if (!instance) return not(`The ${backend} backend is not registered, or could not be initialised.`);
    const reason = obstacle?.();
    if (reason) return not(reason);
    if (!(await isExact(kernel, instance)))
      return not(`This device draws other masks on ${backend} than the CPU does.`);
  } catch (error) {
    return not(`The kernel does not run on ${backend} here: ${error instanceof Error ? error.message : error}`);
  }
  // another call may have been first in the meantime
  if (!tf.getKernel(kernelName, backend)) tf.registerKernel(kernel);
  return done;
}

/** Takes the kernel out of the registry; what has none is left as it is. */
export function uninstallKernel({ kernelName, backendName }: tf.KernelConfig): void {
  if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName);
}
