/** One technique, told once: the command line, the conformance kit, the benchmarks and the tables of the READMEs are made from its entry. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import type { TrainingPlugin } from '../contract.ts';
import type { Definition } from '../options/definition.ts';
import type { Schedule } from '../options/schedule.ts';

type Layer = layers.Layer;

/** A paper, as it is cited. */
export interface Paper {
  /** As it is cited: 'Zhang et al.'. */
  readonly authors: string;
  /** Year of publication. */
  readonly year: number;
  /** Its title. */
  readonly title: string;
  /** Journal or conference. */
  readonly venue: string;
  /** Where in it: '§5.1', 'eq. 3'. */
  readonly at?: string;
}

/** Options that must be refused. */
export interface BadOptions {
  /** What is given to the factory. */
  readonly options: unknown;
  /** The option that the error must name. By default it need not name one. */
  readonly option?: string;
}

/** What the tables say. A name in backticks is code; a vertical bar needs no escape. */
export interface Words {
  /** As it is called: 'l1(λ)'. */
  readonly calls: readonly string[];
  /** What it does, in one line that ends without a full stop. */
  readonly what: string;
  /** What it helps with, as the end of a sentence that begins with 'It is good for'; without a full stop at its end. */
  readonly goodFor?: string;
  /** What it computes, in plain text. */
  readonly formula?: string;
  /** Where it comes from. */
  readonly papers?: readonly Paper[];
  /** What Keras and PyTorch call it. */
  readonly kerasName?: string;
  /** See `kerasName`. */
  readonly torchName?: string;
  /** What it costs in time and memory. */
  readonly cost: string;
  /** Names of techniques, or what else in words, with the reason; an empty reason where the words say it all. */
  readonly combinesBadlyWith?: Readonly<Record<string, string>>;
  /** The table of the package's README in which it stands, where there are several. */
  readonly table?: string;
}

/** The nets on which costs are measured: dense layers, convolutions on grey images and on coloured ones, words, volumes. */
export type BenchNet = 'mlp' | 'cnn' | 'colour' | 'text' | 'volume';

/** How the cost of a technique is measured. */
export interface Bench {
  /** The net that is trained. */
  readonly net: BenchNet;
  /** Why it costs more than a tenth of a training step, where it does. */
  readonly why?: string;
}

/** How the cost of a training plugin is measured. */
export interface PluginBench extends Bench {
  /** Arguments of every layer with a kernel, for a plugin that does nothing without them. The net that it is compared with has them, too. */
  readonly layerArguments?: () => object;
}

/** How the cost of a layer is measured. */
export interface LayerBench extends Bench {
  /** Where it stands: in front of everything, behind each hidden layer, around each layer with a kernel or the embedding, as the recurrent layer. */
  readonly place: 'first' | 'behind' | 'around' | 'aroundEmbedding' | 'recurrent';
  /** The recurrent layer of TF.js that it is compared with. */
  readonly stock?: 'lstm' | 'gru' | 'simpleRNN';
}

/** What the conformance kit tries. */
export interface Trial<O> {
  /** Valid options that make a difference in a small net; those to begin with by default. With randomness of its own a layer needs a `seed`. */
  readonly options?: O;
  /** Other valid options, each of which must make a difference: an option that is silently ignored is caught here. */
  readonly variants: readonly O[];
  /** At least one set per option. An unknown key is tried anyway. */
  readonly bad: readonly BadOptions[];
}

/** What the conformance kit must know of a training plugin. */
export interface PluginTraits {
  /** It acts on weights: biases and gains must be left alone by default. */
  readonly weights?: boolean;
  /** Layers in the middle of the net that it trains, for a plugin that does nothing without them. */
  readonly layers?: () => readonly Layer[];
  /** It acts on images: the net that it trains takes 6 × 6 pixels of three channels in [0, 1), the labels are one-hot. */
  readonly images?: boolean;
  /** It changes no weight while training goes well, as early stopping. Then `variants` are compared by their config alone. */
  readonly neutral?: boolean;
}

/** What the conformance kit must know of a layer. */
export interface LayerTraits {
  /** Shape of its input, without the batch axis. */
  readonly inputShape: readonly number[];
  /** Whether it draws random numbers; true by default. */
  readonly random?: boolean;
  /** Whether it is the identity at inference; true by default. A layer with weights of its own is not. */
  readonly identity?: boolean;
  /** It adds a penalty in training, which only a run collects: it is judged by J and by the weights that it leads to. Takes vectors. */
  readonly penalizes?: boolean;
  /** How many inputs of that shape it joins, for a layer of `defineMergeLayer`; 1 by default. */
  readonly inputs?: number;
  /** What it is called on, where that is not float32 numbers: [8, ...inputShape]. Of integers there is no gradient to check. */
  readonly input?: () => Tensor;
}

interface Technique extends Words {
  /** Under which it is exported, and which configs know it by. */
  readonly name: string;
  /** What is exported. */
  readonly factory: unknown;
  readonly definition: Definition;
}

/** What a plugin may be made with besides its options. */
export interface PluginContext {
  /** The model that it is made for. */
  readonly model: LayersModel;
  /** The plugins that it goes around. */
  readonly of: readonly TrainingPlugin[];
}

/** A training plugin: made from options alone, from the model, or around other plugins. */
export interface PluginEntry extends Technique {
  /** Tells it from layers and schedules. */
  readonly kind: 'plugin';
  /** What its factory takes besides options: nothing, the model, or plugins. */
  readonly takes: 'options' | 'model' | 'plugins';
  /** @throws OptionError for options that its factory refuses */
  make(options: object, context: PluginContext): TrainingPlugin;
  /** Plugins to go around, where it takes some. */
  of(): readonly TrainingPlugin[];
  /** Options to begin with. */
  readonly options: object;
  /** How its cost is measured. */
  readonly bench: PluginBench;
  /** What the conformance kit tries. */
  readonly trial: Trial<object> & PluginTraits;
}

/** A layer: made from options alone, or around another layer. */
export interface LayerEntry extends Technique {
  /** Tells it from plugins and schedules. */
  readonly kind: 'layer';
  /** What its factory takes besides options. */
  readonly takes: 'options' | 'layer';
  /** @throws OptionError for options that its factory refuses */
  make(options: object, around?: Layer): Layer;
  /** A layer to go around, where it takes one. */
  around(): Layer | undefined;
  /** Options to begin with. */
  readonly options: object;
  /** How its cost is measured. */
  readonly bench: LayerBench;
  /** What the conformance kit tries. */
  readonly trial: Trial<object> & LayerTraits;
}

/** A schedule: a number that changes during training. */
export interface ScheduleEntry extends Omit<Technique, 'cost'> {
  /** Tells it from plugins and layers. */
  readonly kind: 'schedule';
  /** @throws OptionError for options that it refuses */
  make(options: object): Schedule;
  /** Options to begin with. */
  readonly options: object;
}

/** The entry of one technique. */
export type Entry = PluginEntry | LayerEntry | ScheduleEntry;
