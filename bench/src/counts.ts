/** What a step asks of a backend: numbers that do not depend on the machine. */
import * as tf from '@tensorflow/tfjs';
import type { Work } from './measure.ts';

export interface Counts {
  /** Kernels that were run. */
  readonly kernels: number;
  /** Bytes of the tensors that they made; views of the same data are none. */
  readonly written: number;
  /** Most bytes that were alive at once, beyond those before the step. */
  readonly peak: number;
}

/** Of one call, after another one in which optimizers make what they remember. */
export async function countsOf(work: Work): Promise<Counts> {
  await work();
  const { numBytes } = tf.memory();
  const { kernels, peakBytes } = await tf.profile(async () => {
    await work();
    return [];
  });
  // a function with a gradient of its own is in the profile, too, beside the kernels in it
  const ran = kernels.filter(({ name }) => tf.getKernel(name, tf.getBackend()));
  const written = ran.reduce((sum, { bytesAdded }) => sum + Math.max(0, bytesAdded), 0);
  return { kernels: ran.length, written, peak: peakBytes - numBytes };
}
