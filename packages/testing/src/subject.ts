/** What is put to the test. */
import type { TrainingPlugin } from '@keepprob/core';
import type { BadOptions, Definition, LayerTraits, PluginTraits } from '@keepprob/core/catalogue';
import type { LayersModel, layers } from '@tensorflow/tfjs-layers';

export type { BadOptions };

interface Common<O> {
  readonly name: string;
  /** Valid options. For a layer with randomness they hold a `seed`; one with weights of its own seeds its initializers, too. */
  readonly options: NoInfer<O>;
  /** At least one set per option. An unknown key is tried anyway, and so is leaving out what is required, and a `where` that is no function. */
  readonly bad: readonly BadOptions[];
  /** Other valid options, each of which must make a difference: an option that is silently ignored is caught here. `where` is tried anyway. */
  readonly variants: readonly NoInfer<O>[];
  /** What its options take, where `create` does not carry that itself. */
  readonly definition?: Definition;
}

/** A layer to test. */
export interface LayerSubject<O = never> extends Common<O>, LayerTraits {
  /** Tells it from a training plugin. */
  readonly kind: 'layer';
  /** Makes the layer from options. */
  create(options: O): layers.Layer;
  /** Makes saved models with this layer loadable. */
  register(): void;
}

/** A training plugin to test. */
export interface TrainingSubject<O = never> extends Common<O>, PluginTraits {
  /** Tells it from a layer. */
  readonly kind: 'training';
  /** Makes the plugin from options. */
  create(options: O, model: LayersModel): TrainingPlugin;
  /** It is made for one model, and no other. */
  readonly ofModel?: boolean;
}

/** What is tested. */
export type Subject = LayerSubject<never> | TrainingSubject<never>;

/** Something that must hold for every plugin of its kind. */
export interface Law<S> {
  /** What must hold, in words. */
  readonly name: string;
  /** Rejects if it does not hold. */
  check(subject: S): Promise<void>;
}
