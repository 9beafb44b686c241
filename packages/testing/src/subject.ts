/** What is put to the test. */
import type { TrainingPlugin } from '@keepprob/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';

/** Options that must be refused. */
export interface BadOptions {
  readonly options: unknown;
  /** The option that the error must name. */
  readonly option?: string;
}

interface Common<O> {
  readonly name: string;
  /** Valid options. For a layer with randomness they hold a `seed`; one with weights of its own seeds its initializers, too. */
  readonly options: NoInfer<O>;
  /** At least one set per option. An unknown key is tried anyway. */
  readonly bad: readonly BadOptions[];
  /** Other valid options, each of which must make a difference: an option that is silently ignored is caught here. */
  readonly variants: readonly NoInfer<O>[];
}

export interface LayerSubject<O = never> extends Common<O> {
  readonly kind: 'layer';
  create(options: O): layers.Layer;
  /** Makes saved models with this layer loadable. */
  register(): void;
  /** Without the batch axis. */
  readonly inputShape: readonly number[];
  /** Whether it draws random numbers; true by default. */
  readonly random?: boolean;
  /** Whether it is the identity at inference; true by default. A layer with weights of its own is not. */
  readonly identity?: boolean;
  /** It adds a penalty in training, which only a run collects: it is judged by J and by the weights that it leads to. Takes vectors. */
  readonly penalizes?: boolean;
  /** What it is called on, where that is not float32 numbers: [8, ...inputShape]. Of integers there is no gradient to check. */
  readonly input?: () => tf.Tensor;
}

export interface TrainingSubject<O = never> extends Common<O> {
  readonly kind: 'training';
  create(options: O): TrainingPlugin;
  /** It acts on weights: biases and gains must be left alone with these options. */
  readonly weights?: boolean;
  /** Layers in the middle of the net that it trains, for a plugin that does nothing without them. */
  readonly layers?: () => readonly layers.Layer[];
  /** It acts on images: the net that it trains takes 6 × 6 pixels of three channels in [0, 1), the labels are one-hot. */
  readonly images?: boolean;
  /** It changes no weight while training goes well, as early stopping. Then `variants` are compared by their config alone. */
  readonly neutral?: boolean;
}

export type Subject = LayerSubject<never> | TrainingSubject<never>;

/** One thing that must hold for every plugin of its kind; throws when it does not. */
export interface Law<S> {
  readonly name: string;
  check(subject: S): Promise<void>;
}
