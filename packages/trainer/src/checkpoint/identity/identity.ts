import { flatten, type Json, type Plugins, type Weight } from '@keepprob/core';
import { isModel, isTable, outputNames, ownValue, type Run } from '@keepprob/core/driver';
import { layerTree } from '@keepprob/core/layers';
import { MASK_FORMAT } from '@keepprob/core/random';
import { type Optimizer, version_core } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { CHECKPOINT_FORMAT } from '../checkpoint.ts';
import type { Identity, Manifest } from '../parts.ts';
import { described } from '../whole.ts';
import { wiringOf } from './wiring.ts';

/** As JSON has it, without the keys to skip: no undefined, functions by their names. */
function lasting(value: unknown, skip: (key: string) => boolean = () => false): Json {
  if (Array.isArray(value)) return value.map(v => lasting(v, skip));
  if (typeof value === 'function') return { function: value.name };
  if (typeof value !== 'object' || value === null) return (value ?? null) as Json;
  const entries = Object.entries(value).filter(([key, v]) => v !== undefined && !skip(key));
  return Object.fromEntries(entries.map(([key, v]) => [key, lasting(v, skip)]));
}

/** Names of layers count per process, and initializers have done their work. `wiringOf` says what is connected in wrapped models. */
const isPassing = (key: string): boolean =>
  ['name', 'inboundNodes', 'inputLayers', 'outputLayers'].includes(key) || key.endsWith('Initializer');

export const shapesOf = (weights: readonly Weight[]): Identity['weights'] =>
  Object.fromEntries(weights.map(({ path, variable }) => [path, described(variable)]));

/** Class and settings of an optimizer as they are now. */
export const settingsOf = (optimizer: Optimizer): Json => ({
  [optimizer.getClassName()]: lasting(optimizer.getConfig()),
});

/** What the run minimizes and measures, as its options say it. */
export interface Aims {
  readonly loss: unknown;
  readonly metrics: unknown;
  readonly lossWeights: unknown;
  readonly classWeight: unknown;
}

/** By the positions of outputs, whose automatic names count per process. */
function aimsOf(model: LayersModel, { loss, metrics, ...weights }: Aims): Json {
  const byOutput = (given: unknown): unknown =>
    Array.isArray(given) ? given : outputNames(model).map(name => (isTable(given) ? ownValue(given, name) : given));
  return lasting({ loss: byOutput(loss), metrics: byOutput(metrics ?? []), ...weights });
}

/** Class and options of every layer by its path. What a model consists of are its layers and its wiring. */
const layersOf = (model: LayersModel): Json =>
  Object.fromEntries(
    layerTree(model).flatMap(({ layer, path }) => {
      if (isModel(layer)) return [];
      return [[path, lasting({ ...layer.getConfig(), className: layer.getClassName() }, isPassing)]];
    }),
  );

/** A run before its first update. */
export interface Begun {
  readonly model: LayersModel;
  readonly run: Run;
  readonly optimizer: Optimizer;
  readonly plugins: readonly Plugins[];
  readonly aims: Aims;
  /** What the data are like, in whatever words. */
  readonly data: Json;
}

/** What a run is, before its first update. */
export function identityOf({ model, run, optimizer, plugins, aims, data }: Begun): Identity {
  return {
    versions: { format: CHECKPOINT_FORMAT, mask: MASK_FORMAT, tfjs: version_core },
    seed: run.seed,
    layers: layersOf(model),
    wiring: wiringOf(model),
    weights: shapesOf(run.weights),
    optimizer: settingsOf(optimizer),
    plugins: flatten(plugins).map(({ name, config }) => ({ [name]: lasting(config) })),
    objective: aimsOf(model, aims),
    data: lasting(data),
  };
}

/**
 * What the run is that goes on from a checkpoint. Where it goes on in the process that it was paused in, plugins have moved the settings of its optimizer: those that the
 * checkpoint was left with stand for those that the optimizer was made with.
 */
export function goingOn(now: Identity, { optimizer, optimizerNow }: Manifest): Identity {
  const asLeft = JSON.stringify(now.optimizer) === JSON.stringify(optimizerNow);
  return asLeft ? { ...now, optimizer } : now;
}
