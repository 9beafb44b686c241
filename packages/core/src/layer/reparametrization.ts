/** What a reparametrization says of itself. */
import type * as tf from '@tensorflow/tfjs-core';
import type { ForwardMoment, Role } from '../contract.ts';
import type { Description } from '../model/weights.ts';
import type { OptionsDefinition } from './ownOptions.ts';

/** A weight that the wrapper has next to each kernel. */
export interface OwnWeight {
  /** Whether the optimizer trains it. */
  readonly trainable: boolean;
  /** Its first value, from that of the kernel. */
  initial(kernel: tf.Tensor, fanInAxes: readonly number[]): tf.Tensor;
  /** Norms, decay and L2 act on it and no longer on the kernel: it takes over the kernel's role and fan-in axes. */
  readonly standsForKernel?: boolean;
}

/** What a reparametrization knows of the kernel it is given. */
export interface Kernel extends Description {
  /** The wrapper's own weights for this kernel. */
  readonly own: Readonly<Record<string, tf.Variable>>;
}

/** What `defineReparametrization` makes a factory from. */
export interface ReparametrizationDefinition<O extends object> extends OptionsDefinition<O> {
  /** Roles of the weights it acts on, of those that the layer has; by default kernels, depthwise and recurrent kernels. */
  roles?(options: Required<O>, found: ReadonlySet<Role>): readonly Role[];
  /** Weights that the wrapper has next to each kernel, by name. */
  readonly own?: Readonly<Record<string, OwnWeight>>;
  /** Where the training of the kernel itself starts, if not from its own first value: the weights next to it were made from that. */
  start?(kernel: tf.Tensor, fanInAxes: readonly number[]): tf.Tensor;
  /** The kernel that the layer computes with, of the same shape; `at` is undefined at inference. */
  kernel(value: tf.Tensor, kernel: Kernel, options: Required<O>, at: ForwardMoment | undefined): tf.Tensor;
}
