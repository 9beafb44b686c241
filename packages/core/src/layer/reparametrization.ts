/** The definition of a reparametrization. */
import type * as tf from '@tensorflow/tfjs-core';
import type { ForwardMoment, Role } from '../contract.ts';
import type { Description } from '../model/weights.ts';
import type { OptionsDefinition } from './ownOptions.ts';

/** A weight that the wrapper adds for each kernel. */
export interface OwnWeight {
  /** Whether the optimizer trains it. */
  readonly trainable: boolean;
  /** Its initial value, from that of the kernel. */
  initial(kernel: tf.Tensor, fanInAxes: readonly number[]): tf.Tensor;
  /** Whether norms, decay and L2 act on it instead of on the kernel, whose role and fan-in axes it then takes over; false by default. */
  readonly standsForKernel?: boolean;
}

/** The description of a kernel that is passed to a reparametrization. */
export interface Kernel extends Description {
  /** The wrapper's own weights for this kernel. */
  readonly own: Readonly<Record<string, tf.Variable>>;
}

/** The argument of `defineReparametrization`. */
export interface ReparametrizationDefinition<O extends object> extends OptionsDefinition<O> {
  /** Roles of the weights it acts on, among those of the layer; kernels, depthwise kernels and recurrent kernels by default. */
  roles?(options: Required<O>, found: ReadonlySet<Role>): readonly Role[];
  /** The wrapper's own weights for each kernel, by name; none by default. */
  readonly own?: Readonly<Record<string, OwnWeight>>;
  /** The value from which training of the kernel itself starts; its own initial value by default. The wrapper's own weights are made from that initial value. */
  start?(kernel: tf.Tensor, fanInAxes: readonly number[]): tf.Tensor;
  /** The kernel that the layer computes with, in the same shape; `at` is undefined at inference. */
  kernel(value: tf.Tensor, kernel: Kernel, options: Required<O>, at: ForwardMoment | undefined): tf.Tensor;
}
