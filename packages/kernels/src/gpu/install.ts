/**
 * Registers a dropout kernel in TF.js, if the backend is available and the kernel draws the right masks on it.
 * The registry is the only state.
 */
import { checkOptions, option } from '@keepprob/core';
import type { DropoutKernelAttrs } from '@keepprob/core/kernels';
import { keepBits, keepScale } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import { hold, release } from '../gradients/install.ts';
import { inactive, isActive, KernelsError, type Report } from '../report.ts';

/** The members of both GPU backends of TF.js that the check below needs. */
interface Memory {
  makeTensorInfo(shape: number[], dtype: tf.DataType, values: Float32Array): tf.TensorInfo;
  read(dataId: object): Promise<Float32Array>;
  disposeData(dataId: object): unknown;
}

/** The instance of a backend, initialized if it was not; null if it is not registered or cannot be initialized. */
async function instanceOf(backend: string): Promise<tf.KernelBackend | null> {
  if (!tf.engine().backendNames().includes(backend)) return null;
  if (tf.getBackend() === backend) await tf.ready();
  const instance = tf.findBackend(backend);
  if (instance) return instance;
  // for a backend with asynchronous initialization, the lookup only started it
  await tf.ready();
  return tf.engine().registry[backend] ?? null;
}

/** Whether the kernel returns the values of `keepBits` on this device, for a draw whose numbers exceed 2³¹, and with a NaN in every row. */
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
    attrs: { ...attrs, noiseShape: shape },
    backend,
  }) as tf.TensorInfo;
  const given = await memory.read(y.dataId);
  memory.disposeData(x.dataId);
  memory.disposeData(y.dataId);
  return values.every((value, i) => Object.is(given[i], bits[i] ? value * scale : 0));
}

/** Options of `install`. */
export interface InstallOptions {
  /** If true, the report says why no kernel can be used now, and no error is thrown; a kernel for a backend that is not in use is installed for later. False by default. */
  readonly optional?: boolean;
}

const optionSpecs = { optional: option.boolean({ fallback: false }) };

/**
 * Registers the kernel, once, and the gradients that all backends share.
 * @param obstacle returns what prevents the kernel from running on an active backend, if anything
 * @throws KernelsError if the kernel would not be used, unless `optional` is true
 */
export async function installKernel(
  kernel: tf.KernelConfig,
  options: InstallOptions,
  obstacle?: () => string | undefined,
): Promise<Report> {
  const { kernelName, backendName: backend } = kernel;
  const { optional } = checkOptions('install', optionSpecs, options);
  const reason = tf.getKernel(kernelName, backend) ? undefined : await whyNot(kernel, optional, obstacle);
  // another call may have registered it in the meantime
  if (reason === undefined && !tf.getKernel(kernelName, backend)) tf.registerKernel(kernel);
  const report: Report =
    reason === undefined
      ? { installed: true, backend, active: isActive(backend), kernels: [kernelName], ...hold(backend) }
      : { installed: false, backend, active: false, kernels: [], gradients: [], layers: [], reason };
  if (!report.active && !optional) throw new KernelsError(report);
  return report;
}

/** The reason not to register the kernel, if any. */
async function whyNot(
  kernel: tf.KernelConfig,
  optional: boolean,
  obstacle?: () => string | undefined,
): Promise<string | undefined> {
  const backend = kernel.backendName;
  try {
    const instance = await instanceOf(backend);
    if (!instance) return `The ${backend} backend is not registered, or could not be initialised.`;
    if (!optional && !isActive(backend)) return inactive(backend);
    const reason = obstacle?.();
    if (reason) return reason;
    return (await isExact(kernel, instance))
      ? undefined
      : `This device draws other masks on ${backend} than the CPU does.`;
  } catch (error) {
    return `The kernel does not run on ${backend} here: ${error instanceof Error ? error.message : error}`;
  }
}

/** Unregisters the kernel, if it is registered, and releases the gradients. */
export function uninstallKernel({ kernelName, backendName }: tf.KernelConfig): void {
  if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName);
  release(backendName);
}
