/** The data of a saved model, and how it was trained: from the config of its run, or from the command line and the files that the run left. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OptionError, type Plugins } from '@keepprob/core';
import type { ArrayData, FitOptions } from '@keepprob/trainer';
import { type Preprocessing, preprocessingOf } from '@keepprob/trainer/model';
import type { LayersModel, Optimizer } from '@tensorflow/tfjs';
import type { DataSpec, JsonConfig, MakeTraining, SourceSpec } from '../config/config.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { optimizerOf } from '../config/make/optimizers.ts';
import { pluginOf } from '../config/make/plugins.ts';
import { strangersIn } from '../config/make/strangers.ts';
import { checkData } from '../config/schema/checkConfig.ts';
import { loadData } from '../data/load.ts';
import { pathFrom } from '../run/training.ts';
import { onCommandLine } from '../table/tableIn.ts';
import { type Log, logOf } from './logOf.ts';

/** Options of the command line about the data. */
export interface DataOptions {
  readonly config?: string;
  readonly data?: readonly string[];
  readonly validation?: readonly string[];
  readonly label?: readonly string[];
  readonly columns?: readonly string[];
  readonly separator?: string;
  readonly classes?: readonly string[];
  readonly divideBy?: number;
  readonly shape?: readonly number[];
  readonly log?: string;
}

export interface Known {
  readonly data: ArrayData | null;
  readonly validation: ArrayData | null;
  /** The preprocessing of the data, if they come from files. */
  readonly preprocessing?: Preprocessing;
  readonly loss?: FitOptions['loss'];
  readonly plugins: readonly Plugins[];
  readonly optimizer?: Optimizer;
  readonly batchSize?: number;
  readonly seed?: number;
  readonly run: Log | null;
  /** Whether the model is described by a config in JSON. */
  readonly json: boolean;
}

/** A file that `train` leaves next to the model. */
const beside = (model: string, name: string): string => join(dirname(model), name);

/** @throws OptionError, DataError for invalid files, or options that do not go together */
export async function subjectOf(file: string, model: LayersModel, options: DataOptions): Promise<Known> {
  const log = options.log ?? beside(file, 'log.csv');
  const run = options.log !== undefined || existsSync(log) ? await logOf(log) : null;
  if (options.config !== undefined) return { ...(await fromConfig(options.config, model)), run };
  return { ...(await fromFiles(model, options)), plugins: [], run, json: false };
}

type FromConfig = Omit<Known, 'run'>;

async function fromConfig(owner: string, model: LayersModel): Promise<FromConfig> {
  const config = await loadConfig(owner);
  return typeof config === 'function' ? fromModule(owner, config) : fromJson(owner, config, model);
}

async function fromJson(owner: string, config: JsonConfig, model: LayersModel): Promise<FromConfig> {
  const { data: spec, loss, plugins = [], seed, batchSize } = config;
  const { train, validation, preprocessing } = await loadData(owner, spec, pathFrom(owner), {
    before: preprocessingOf(model),
  });
  const strangers = await strangersIn(owner, { plugins });
  const optimizer = optimizerOf(`${owner}: optimizer`, config.optimizer);
  return {
    ...{ data: train, validation: validation ?? null, preprocessing, loss },
    ...(typeof optimizer === 'object' && { optimizer }),
    ...(seed !== undefined && { seed }),
    ...(batchSize !== undefined && { batchSize }),
    plugins: plugins.map((plugin, i) => pluginOf(`${owner}: plugins[${i}]`, plugin, model, strangers)),
    json: true,
  };
}

/** The model that the module makes is not the saved one: only its data and options are used. */
async function fromModule(owner: string, make: MakeTraining): Promise<FromConfig> {
  const { model, data, options } = await make({ seed: 0 });
  model.dispose();
  const arrays = (given: unknown, what: string): ArrayData | null => {
    if (given === undefined || given === null) return null;
    if (typeof given === 'object' && 'x' in given && 'y' in given) return given as ArrayData;
    throw OptionError.of(owner, what, '{ x, y }, as the same rows are read again and again', 'a stream');
  };
  const { loss, plugins = [], validation, optimizer, batchSize, seed } = options;
  return {
    ...{ data: arrays(data, 'data'), validation: arrays(validation, 'options.validation'), loss, plugins },
    ...(typeof optimizer === 'object' && { optimizer }),
    ...(batchSize !== undefined && { batchSize }),
    ...(typeof seed === 'number' && { seed }),
    json: false,
  };
}

const OWNER = 'doctor';

/** One file is a table, two are arrays. */
function sourceOf(option: 'data' | 'validation', files: readonly string[]): SourceSpec {
  const [x, y, ...others] = files;
  if (x === undefined || others.length)
    throw OptionError.of(OWNER, `--${option}`, 'a table, or a file of x and one of y', `${files.length} files`);
  return y === undefined ? { csv: x } : { x, y };
}

/** A single name is that of the column to predict, which may hold classes. */
const labelOf = (names: readonly string[]): NonNullable<DataSpec['label']> =>
  names.length === 1 ? names.join() : names;

/** A number of classes, or their names. */
const classesOf = (given: readonly string[]): NonNullable<DataSpec['classes']> =>
  given.length === 1 && /^\d+$/.test(given.join()) ? Number(given.join()) : given;

const withoutScaling = ({ scaling: _, ...others }: Preprocessing): Preprocessing => others;

async function fromFiles(
  model: LayersModel,
  options: DataOptions,
): Promise<Pick<Known, 'data' | 'validation' | 'preprocessing'>> {
  const { data: files, validation: validationFiles, label, columns, separator, classes, divideBy, shape } = options;
  if (!files) {
    if (validationFiles)
      throw OptionError.of(OWNER, '--data', 'the training rows, in addition to those of --validation', undefined);
    return { data: null, validation: null };
  }
  const before = preprocessingOf(model);
  const isTable = files.length === 1;
  const chosen = {
    train: sourceOf('data', files),
    ...(isTable && {
      label: label ? labelOf(label) : before?.label,
      columns: columns ?? before?.columns,
      separator: separator ?? before?.separator,
    }),
    classes: classes ? classesOf(classes) : before?.classes,
    shape: shape ?? before?.shape,
    scale: divideBy === undefined ? undefined : { divideBy },
    validation: validationFiles && sourceOf('validation', validationFiles),
  };
  const given = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined));
  // as measured on the rows that the model was trained on, not on these
  const measured = divideBy === undefined ? before : before && withoutScaling(before);
  const { train, validation, preprocessing } = await loadData(OWNER, checkData(OWNER, given), path => path, {
    before: measured,
    said: onCommandLine,
  });
  return { data: train, validation: validation ?? null, preprocessing };
}
