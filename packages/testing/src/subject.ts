/** The subjects of the tests. */
import type { TrainingPlugin } from '@keepprob/core';
import type { BadOptions, Definition, LayerTraits, PluginTraits } from '@keepprob/core/catalogue';
import type { LayersModel, layers } from '@tensorflow/tfjs-layers';

export type { BadOptions };

interface Common<O> {
  readonly name: string;
  /** Valid options. For a random layer they must include a `seed`; a layer with its own weights must also seed its initializers. */
  readonly options: NoInfer<O>;
  /** Invalid options, at least one set per option. An unknown key, missing required options, and a `where` that is not a function are always tested. */
  readonly bad: readonly BadOptions[];
  /** Other valid options, each of which must make a difference: this catches options that are silently ignored. `where` is always tested. */
  readonly variants: readonly NoInfer<O>[];
  /** The definition of its options, if `create` does not have one itself. */
  readonly definition?: Definition;
}

/** A layer to test. */
export interface LayerSubject<O = never> extends Common<O>, LayerTraits {
  /** Distinguishes it from a training plugin. */
  readonly kind: 'layer';
  /** Makes the layer from options. */
  create(options: O): layers.Layer;
  /** Registers the layer, so that saved models with it can be loaded. */
  register(): void;
}

/** A training plugin to test. */
export interface TrainingSubject<O = never> extends Common<O>, PluginTraits {
  /** Distinguishes it from a layer. */
  readonly kind: 'training';
  /** Makes the plugin from options. */
  create(options: O, model: LayersModel): TrainingPlugin;
  /** Whether it is made for one particular model. */
  readonly ofModel?: boolean;
}

/** A layer or training plugin to test. */
export type Subject = LayerSubject<never> | TrainingSubject<never>;

/** Something that must hold for every plugin of its kind. */
export interface Law<S> {
  /** The law in words. */
  readonly name: string;
  /** Rejects if it does not hold. */
  check(subject: S): Promise<void>;
}
