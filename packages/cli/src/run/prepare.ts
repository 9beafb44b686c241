/** Makes model, data and options from a config and a command line, in the program and in each of its workers. */
import { checkOptions, OptionError, type OptionSpecs, option } from '@keepprob/core';
import { checkpoints, type FitOptions, type TrainingData } from '@keepprob/trainer';
import type { Preprocessing } from '@keepprob/trainer/model';
import { directoryStore } from '@keepprob/trainer/node';
import type { LayersModel } from '@tensorflow/tfjs';
import type { Config, JsonConfig, MakeTraining, Training } from '../config/config.ts';
import { faultIn, loadConfig } from '../config/loadConfig.ts';
import { loadData } from '../data/load.ts';
import { type Backend, openBackend } from './backend.ts';
import { dataLines } from './dataLines.ts';
import { filesIn, listenersIn } from './folder.ts';
import { pathFrom, trainingOf } from './training.ts';

/** Describes what to train, in values that can be sent to a worker. */
export interface Request {
  /** Path of the config. */
  readonly config: string;
  /** Folder of the run's files. */
  readonly out: string;
  readonly backend: Backend;
  /** The number of threads for the kernels. */
  readonly threads: number;
  readonly resume: boolean | 'force';
  /** Whether to replace an earlier run in the folder. */
  readonly replace: boolean;
  /** Whether this is a trial run that writes nothing. */
  readonly fastDevRun: boolean;
  /** Used instead of the config's. */
  readonly seed: number | undefined;
  readonly epochs: number | undefined;
  /** Used if neither options nor config nor a checkpoint have a seed; the same for all workers. */
  readonly randomSeed: number;
}

export interface Prepared {
  readonly model: LayersModel;
  readonly data: TrainingData;
  readonly options: FitOptions;
  /** Known if the config names files. */
  readonly preprocessing: Preprocessing | undefined;
  /** A description of the data, if the config names files. */
  readonly told: string | undefined;
  /** A description of the backend. */
  readonly backend: string;
}

/** @throws OptionError, DataError for a config, or files that it names, that cannot be used for training */
export const prepare = async (request: Request): Promise<Prepared> =>
  prepareFrom(await loadConfig(request.config), request);

/** @param config from the file of the request. @throws OptionError, DataError */
export async function prepareFrom(config: Config, given: Request): Promise<Prepared> {
  const backend = await openBackend(given.backend, given.threads);
  const request = { ...given, randomSeed: (await seedBefore(given)) ?? given.randomSeed };
  const made = typeof config === 'function' ? await fromFunction(config, request) : await fromJson(config, request);
  return { ...made, options: completed(made.options, request), backend };
}

/** The seed of the run to resume, from which the config makes the same things again. */
async function seedBefore({ out, resume }: Request): Promise<number | undefined> {
  if (resume === false) return undefined;
  // `fit` reads the checkpoints again, and warns about damaged ones
  const before = await checkpoints(directoryStore(filesIn(out).checkpoints), { warn: () => undefined }).latest();
  return before?.manifest.seed;
}

type Made = Pick<Prepared, 'model' | 'data' | 'preprocessing' | 'told'> & Pick<Training, 'options'>;

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

const trainingParts: OptionSpecs<Training> = {
  model: option.custom('a tf.LayersModel', isObject),
  data: option.custom('{ x, y }, a dataset or an async iterable', v => isObject(v) || typeof v === 'function'),
  options: option.custom('the options of fit', isObject),
};

/** Options of `fit` that the program sets. */
const ownOptions = ['resume', 'signal', 'progress', 'fastDevRun'] as const satisfies readonly (keyof FitOptions)[];

async function fromFunction(make: MakeTraining, { config, seed, randomSeed }: Request): Promise<Made> {
  const made = (async () => make({ seed: seed ?? randomSeed }))();
  const given = await made.catch(error => {
    throw faultIn(config, error);
  });
  const { model, data, options } = checkOptions<Training>(config, trainingParts, given);
  for (const key of ownOptions) {
    const received = (options as FitOptions)[key];
    if (received === undefined) continue;
    throw OptionError.of(config, `options.${key}`, 'nothing, as the command line decides', received);
  }
  return { model, data, options, preprocessing: undefined, told: undefined };
}

async function fromJson(config: JsonConfig, request: Request): Promise<Made> {
  const owner = request.config;
  const path = pathFrom(owner);
  const { train, validation, preprocessing, facts } = await loadData(owner, config.data, path);
  const { model, options } = await trainingOf(owner, config, {
    seed: request.seed ?? config.seed ?? request.randomSeed,
    inputShape: preprocessing.shape,
  });
  return {
    model,
    data: train,
    options: { ...options, ...(validation && { validation }) },
    preprocessing,
    told: dataLines(Object.values(config.data.train).join(', '), facts),
  };
}

/** The options of `fit`, completed with those of the command line and where the run is saved. */
function completed(
  { checkpoint, listeners = [], ...options }: Training['options'],
  { out, resume, replace, fastDevRun, epochs, ...request }: Request,
): FitOptions {
  const files = filesIn(out);
  const seed = request.seed ?? options.seed ?? request.randomSeed;
  const chosen = { ...options, seed, ...(epochs !== undefined && { epochs }) };
  if (fastDevRun) return { ...chosen, listeners, fastDevRun };
  return {
    ...chosen,
    checkpoint: { ...checkpoint, store: directoryStore(files.checkpoints) },
    resume,
    listeners: [...listeners, ...listenersIn(files, replace)],
  };
}
