/** The entry of one technique: the source for the command line, the conformance kit, the benchmarks and the tables of the READMEs. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import type { TrainingPlugin } from '../contract.ts';
import type { Definition } from '../options/definition.ts';
import type { Schedule } from '../options/schedule.ts';

type Layer = layers.Layer;

/** A citation of a paper. */
export interface Paper {
  /** The authors as cited: 'Zhang et al.'. */
  readonly authors: string;
  /** Year of publication. */
  readonly year: number;
  /** Its title. */
  readonly title: string;
  /** Journal or conference. */
  readonly venue: string;
  /** Where in the paper: '§5.1', 'eq. 3'. */
  readonly at?: string;
}

/** Options that must be rejected. */
export interface BadOptions {
  /** The argument of the factory. */
  readonly options: unknown;
  /** The option that the error must name; by default it need not name one. */
  readonly option?: string;
}

/** The text for the tables. A name in backticks is code; a vertical bar needs no escape. */
export interface Words {
  /** How to call it: 'l1(λ)'. */
  readonly calls: readonly string[];
  /** What it does, in one line without a full stop at the end. */
  readonly what: string;
  /** What it helps with: completes the sentence 'It is good for …', without a full stop at the end. */
  readonly goodFor?: string;
  /** What it computes, in plain text. */
  readonly formula?: string;
  /** The papers that introduced it. */
  readonly papers?: readonly Paper[];
  /** Its name in Keras. */
  readonly kerasName?: string;
  /** Its name in PyTorch. */
  readonly torchName?: string;
  /** Its cost in time and memory. */
  readonly cost: string;
  /** Names of techniques, or other things in words, each with the reason; the reason is empty if the words say it all. */
  readonly combinesBadlyWith?: Readonly<Record<string, string>>;
  /** The table that lists it in the package's README, if there are several. */
  readonly table?: string;
}

/** The nets on which costs are measured: dense layers, convolutions on grayscale images and on color images, text, volumes. */
export type BenchNet = 'mlp' | 'cnn' | 'colour' | 'text' | 'volume';

/** How the cost of a technique is measured. */
export interface Bench {
  /** The net that is trained. */
  readonly net: BenchNet;
  /** Why it costs more than a tenth of a training step, if it does. */
  readonly why?: string;
}

/** How the cost of a training plugin is measured. */
export interface PluginBench extends Bench {
  /** Arguments of every layer with a kernel, for a plugin that does nothing without them. The net it is compared with has them too. */
  readonly layerArguments?: () => object;
}

/** How the cost of a layer is measured. */
export interface LayerBench extends Bench {
  /** Where it goes: before everything, after each hidden layer, around each layer with a kernel or around the embedding, or as the recurrent layer. */
  readonly place: 'first' | 'behind' | 'around' | 'aroundEmbedding' | 'recurrent';
  /** The recurrent layer of TF.js that it is compared with. */
  readonly stock?: 'lstm' | 'gru' | 'simpleRNN';
}

/** What the conformance kit tests. */
export interface Trial<O> {
  /** Valid options that make a difference in a small net; the initial options by default. A layer with its own randomness needs a `seed`. */
  readonly options?: O;
  /** Other valid options, each of which must make a difference: this catches options that are silently ignored. */
  readonly variants: readonly O[];
  /** Invalid options, at least one set per option. An unknown key is always tested. */
  readonly bad: readonly BadOptions[];
}

/** What the conformance kit needs to know about a training plugin. */
export interface PluginTraits {
  /** Whether it acts on weights: it must leave biases and gains alone by default. */
  readonly weights?: boolean;
  /** Layers in the middle of the test net, for a plugin that does nothing without them. */
  readonly layers?: () => readonly Layer[];
  /** Whether it acts on images: the test net then takes 6 × 6 pixels of three channels in [0, 1), and the labels are one-hot. */
  readonly images?: boolean;
  /** Whether it changes no weight while training goes well, like early stopping. Its `variants` are then compared by their config alone. */
  readonly neutral?: boolean;
}

/** What the conformance kit needs to know about a layer. */
export interface LayerTraits {
  /** Shape of its input, without the batch axis. */
  readonly inputShape: readonly number[];
  /** Whether it draws random numbers; true by default. */
  readonly random?: boolean;
  /** Whether it is the identity at inference; true by default. A layer with its own weights is not. */
  readonly identity?: boolean;
  /** Whether it adds a penalty in training, which only a run collects: it is then judged by J and by the trained weights. It takes vectors. */
  readonly penalizes?: boolean;
  /** How many inputs of that shape it joins, for a layer of `defineMergeLayer`; 1 by default. */
  readonly inputs?: number;
  /** Its input, if that is not float32: [8, ...inputShape]. With integers there is no gradient to check. */
  readonly input?: () => Tensor;
}

interface Technique extends Words {
  /** The name under which it is exported, and which configs use. */
  readonly name: string;
  /** The exported factory. */
  readonly factory: unknown;
  readonly definition: Definition;
}

/** What the factory of a plugin may take besides options. */
export interface PluginContext {
  /** The model it is made for. */
  readonly model: LayersModel;
  /** The plugins it wraps. */
  readonly of: readonly TrainingPlugin[];
}

/** A training plugin: made from options alone, from the model, or around other plugins. */
export interface PluginEntry extends Technique {
  /** Distinguishes it from layers and schedules. */
  readonly kind: 'plugin';
  /** What its factory takes besides options: nothing, the model, or plugins. */
  readonly takes: 'options' | 'model' | 'plugins';
  /** @throws OptionError for options that its factory refuses */
  make(options: object, context: PluginContext): TrainingPlugin;
  /** The plugins to wrap, if it takes plugins. */
  of(): readonly TrainingPlugin[];
  /** Initial options. */
  readonly options: object;
  /** How its cost is measured. */
  readonly bench: PluginBench;
  /** What the conformance kit tests. */
  readonly trial: Trial<object> & PluginTraits;
}

/** A layer: made from options alone, or around another layer. */
export interface LayerEntry extends Technique {
  /** Distinguishes it from plugins and schedules. */
  readonly kind: 'layer';
  /** What its factory takes besides options. */
  readonly takes: 'options' | 'layer';
  /** @throws OptionError for options that its factory refuses */
  make(options: object, around?: Layer): Layer;
  /** The layer to wrap, if it takes one. */
  around(): Layer | undefined;
  /** Initial options. */
  readonly options: object;
  /** How its cost is measured. */
  readonly bench: LayerBench;
  /** What the conformance kit tests. */
  readonly trial: Trial<object> & LayerTraits;
}

/** A schedule: a number that changes during training. */
export interface ScheduleEntry extends Omit<Technique, 'cost'> {
  /** Distinguishes it from plugins and layers. */
  readonly kind: 'schedule';
  /** @throws OptionError for options that it refuses */
  make(options: object): Schedule;
  /** Initial options. */
  readonly options: object;
}

/** The entry of one technique. */
export type Entry = PluginEntry | LayerEntry | ScheduleEntry;
