/** The types of a config, the same in JSON and in a module. */
import type { TrainingPlugin } from '@keepprob/core';
import type { FitOptions, TrainingData } from '@keepprob/trainer';
import type { ColumnType, Impute } from '@keepprob/trainer/table';
import type { LayersModel } from '@tensorflow/tfjs';

/** A layer by its name, with the options of its factory: `{ "layer": "dense", "units": 128 }`. Wrappers have the layer that they wrap as `of`. */
export interface LayerSpec {
  /** Name of a layer of `tf.layers`, of a technique, or of a third-party package in `node_modules`: `keepprob-plugin-x`, or `keepprob-plugin-x#name` if it exports several. */
  readonly layer: string;
  /** The layer that a wrapper wraps. */
  readonly of?: LayerSpec;
  /** Its options, as its factory takes them. */
  readonly [option: string]: unknown;
}

/** A plugin by its name, with its options: `{ "plugin": "l2", "strength": 1e-4 }`. Plugins that wrap others have those as `of`. */
export interface PluginSpec {
  /** Name of the plugin's factory, or of a third-party package in `node_modules`: `keepprob-plugin-x`, or `keepprob-plugin-x#name` if it exports several. */
  readonly plugin: string;
  /** The plugins that it wraps. */
  readonly of?: PluginSpec | TrainingPlugin | readonly (PluginSpec | TrainingPlugin)[];
  /** For plugins that act on weights: layers, roles, or both. Layers by name, or by path (`2-Functional/1-Dense`) if several have that name. */
  readonly where?: { readonly layers?: readonly string[]; readonly roles?: readonly string[] };
  /** Its options, as its factory takes them. */
  readonly [option: string]: unknown;
}

/** An optimizer of `tf.train`, or `amsgrad`, with its settings by the names of its arguments. */
export interface OptimizerSpec {
  /** Name of an optimizer of `tf.train`, such as `adam`, or `amsgrad`. */
  readonly name: string;
  /** Its settings, by the names of the arguments. */
  readonly [option: string]: number | boolean | string | undefined;
}

/** A table with a header, or one file of arrays for x and one for y: NumPy's .npy, or IDX as used by MNIST, gzipped or not. */
export type SourceSpec = { readonly csv: string } | { readonly x: string; readonly y: string };

/** The data of a config: files, and how they are preprocessed. */
export interface DataSpec {
  /** Files of the training rows. */
  readonly train: SourceSpec;
  /**
   * Files of the validation rows, or the share of the training rows that is set aside. `seed` (0 by default, not the run's seed) draws that share, from each class
   * separately unless `stratify` is false (true by default). By default there are no validation rows.
   */
  readonly validation?:
    | SourceSpec
    | number
    | { readonly fraction: number; readonly seed?: number; readonly stratify?: boolean };
  /** For tables: the column, or columns, to predict. Tables need it. */
  readonly label?: string | readonly string[];
  /** For tables: the columns to predict from, in this order; all but the labels by default. */
  readonly columns?: readonly string[];
  /** For tables: ',' by default. */
  readonly separator?: string;
  /**
   * For tables: the types of columns: numbers (by default); words, each of which becomes an input (`oneHot`); or text, whose words are hashed to n inputs. The words
   * are those of the training rows; for other words, all inputs of the column are 0.
   */
  readonly types?: Readonly<Record<string, ColumnType>>;
  /**
   * For tables: how missing values (empty, NA, N/A, NaN, null, ?) are filled, in all columns or by column: `median` of the training rows (for words, the most
   * frequent one); `mode`, the most frequent value; `indicator`, an extra input that marks missing values (with the median for numbers); `drop` leaves out such
   * rows. By default a missing value is an error.
   */
  readonly impute?: Impute | Readonly<Record<string, Impute>>;
  /** Labels become one-hot: the number of classes (labels 0 … n − 1), or their names in a table. By default labels stay as they are. */
  readonly classes?: number | readonly string[];
  /** How each column of x is scaled, measured on the training rows: to mean 0 and variance 1, or from 0 to 1; or one divisor for all. By default x stays as it is. */
  readonly scale?: 'standardize' | 'unit' | { readonly divideBy: number };
  /**
   * How numeric labels are scaled: to mean 0 and variance 1, measured on the training rows. `evaluate` and `predict` scale back. By default they stay as they are.
   */
  readonly scaleLabel?: 'standardize';
  /** The shape of a row of x, such as `[28, 28, 1]`; by default as in the file. */
  readonly shape?: readonly number[];
}

/** Options of `fit` that a config passes on unchanged. */
type Handed = Pick<
  FitOptions,
  | 'epochs'
  | 'batchSize'
  | 'dropLast'
  | 'limitBatches'
  | 'overfitBatches'
  | 'validationBatches'
  | 'validationFreq'
  | 'maxTime'
  | 'shuffle'
  | 'trainEvaluation'
>;

/** How the run is saved; the program chooses where. */
export type CheckpointSpec = Omit<NonNullable<FitOptions['checkpoint']>, 'store'>;

/** A config that JSON can hold. Paths are relative to the config's file. */
export interface JsonConfig extends Handed {
  /** The JSON schema by which editors complete and check the config; nothing else reads it. None by default. */
  readonly $schema?: string;
  /** The path of a saved model.json, or layers from first to last. */
  readonly model: string | readonly LayerSpec[];
  /** The data that it is trained on. */
  readonly data: DataSpec;
  /** Name of the loss, as in `fit`. */
  readonly loss: string;
  /** Name of an optimizer of `tf.train`, or its name with settings. */
  readonly optimizer: string | OptimizerSpec;
  /** Names of metrics, as in `fit`; none by default. */
  readonly metrics?: readonly string[];
  /** The weight of each class in the loss, by the name of the class or its number; 1 by default. */
  readonly classWeight?: Readonly<Record<string, number>>;
  /** Training plugins, in the order in which they act; none by default. In TypeScript or JavaScript, the object may also hold plugins made by their factories. */
  readonly plugins?: readonly (PluginSpec | TrainingPlugin)[];
  /** The seed of the run; random by default. */
  readonly seed?: number;
  /** How the run is saved; by default at the end of each epoch. */
  readonly checkpoint?: CheckpointSpec;
}

/** The result of a config that is a function, in TypeScript or JavaScript. */
export interface Training {
  /** The model, built. */
  readonly model: LayersModel;
  /** As in `fit`. */
  readonly data: TrainingData;
  /** All options of `fit`, except those that the program sets: where the run is saved, whether it resumes, and when Ctrl-C ends it. */
  readonly options: Omit<FitOptions, 'checkpoint' | 'resume' | 'signal' | 'progress' | 'fastDevRun'> & {
    readonly checkpoint?: CheckpointSpec;
  };
}

/** The argument of a config that is a function. */
export interface Setting {
  /** `--seed`, or a random one. Use it for initializers, to get the same initial weights again. The run uses it, too, unless the options contain another seed. */
  readonly seed: number;
}

/** Makes model, data and options, once in each worker. */
export type MakeTraining = (setting: Setting) => Training | Promise<Training>;

/** A config: an object that JSON can hold, or a function that makes model, data and options. */
export type Config = JsonConfig | MakeTraining;

/**
 * A config with checked types: an object that JSON could hold, or a function that makes model, data and options as TF.js objects.
 * @example
 * export default defineConfig(({ seed }) => ({ model: build(seed), data: { x, y }, options: { loss: 'categoricalCrossentropy', optimizer: 'adam' } }));
 */
export const defineConfig = <C extends Config>(config: C): C => config;
