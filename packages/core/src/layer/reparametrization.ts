/** What a reparametrization says of itself. */
import type * as tf from '@tensorflow/tfjs-core';
import type { ForwardMoment, Role } from '../contract.ts';
import type { Description } from '../model/weights.ts';
import type { OptionsDefinition } from './ownOptions.ts';

/** A weight that the wrapper adds for each kernel. */
export interface OwnWeight {
  /** Whether the optimizer trains it. */
  readonly trainable: boolean;
  /** Its first value, from that of the kernel. */
  initial(kernel: tf.Tensor, fanInAxes: readonly number[]): tf.Tensor;
  /** Whether norms, decay and L2 act on it instead of the kernel, whose role and fan-in axes it then takes over; false by default. */
  readonly standsForKernel?: boolean;
}

/** What a reparametrization knows of the kernel it is given. */
export interface Kernel extends Description {
  /** The wrapper's own weights for this kernel. */
  readonly own: Readonly<Record<string, tf.Variable>>;
}

/** What `defineReparametrization` makes a factory from. */
export interface ReparametrizationDefinition<O extends object> extends OptionsDefinition<O> {
  /** Roles of the weights that it acts on, among those that the layer has; by default kernels, depthwise and recurrent kernels. */
  roles?(options: Required<O>, found: ReadonlySet<Role>): readonly Role[];
  /** The wrapper's own weights for each kernel, by name; none by default. */
  readonly own?: Readonly<Record<string, OwnWeight>>;
  /** Where training of the kernel itself starts; by default from its own first value. The own weights were made from that value. */
  start?(kernel: tf.Tensor, fanInAxes: readonly number[]): tf.Tensor;
  /** The kernel that the layer computes with, of the same shape; `at` is undefined at inference. */
  kernel(value: tf.Tensor, kernel: Kernel, options: Required<O>, at: ForwardMoment | undefined): tf.Tensor;
}
