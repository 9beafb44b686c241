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

/** The value in JSON form, without the keys to skip: undefined is left out, and functions are given by their names. */
function lasting(value: unknown, skip: (key: string) => boolean = () => false): Json {
  if (Array.isArray(value)) return value.map(v => lasting(v, skip));
  if (typeof value === 'function') return { function: value.name };
  if (typeof value !== 'object' || value === null) return (value ?? null) as Json;
  const entries = Object.entries(value).filter(([key, v]) => v !== undefined && !skip(key));
  return Object.fromEntries(entries.map(([key, v]) => [key, lasting(v, skip)]));
}

/** Automatic layer names are numbered per process, and initializers have already run. `wiringOf` records the connections within wrapped models. */
const isPassing = (key: string): boolean =>
  ['name', 'inboundNodes', 'inputLayers', 'outputLayers'].includes(key) || key.endsWith('Initializer');

export const shapesOf = (weights: readonly Weight[]): Identity['weights'] =>
  Object.fromEntries(weights.map(({ path, variable }) => [path, described(variable)]));

/** The class and the current settings of an optimizer. */
export const settingsOf = (optimizer: Optimizer): Json => ({
  [optimizer.getClassName()]: lasting(optimizer.getConfig()),
});

/** What the run minimizes and measures, as given in its options. */
export interface Aims {
  readonly loss: unknown;
  readonly metrics: unknown;
  readonly lossWeights: unknown;
  readonly classWeight: unknown;
}

/** By the positions of outputs, because their automatic names are numbered per process. */
function aimsOf(model: LayersModel, { loss, metrics, ...weights }: Aims): Json {
  const byOutput = (given: unknown): unknown =>
    Array.isArray(given) ? given : outputNames(model).map(name => (isTable(given) ? ownValue(given, name) : given));
  return lasting({ loss: byOutput(loss), metrics: byOutput(metrics ?? []), ...weights });
}

/** Class and options of every layer by its path. Nested models are left out: their layers and wiring describe them. */
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
  /** A description of the data, in any form. */
  readonly data: Json;
}

/** The identity of a run, taken before its first update. */
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
 * The identity of a run that resumes from a checkpoint. If it resumes in the process in which it was paused, plugins have changed the settings of its optimizer. If
 * these equal the settings at the time of the checkpoint, they are replaced by the ones that the optimizer was created with.
 */
export function goingOn(now: Identity, { optimizer, optimizerNow }: Manifest): Identity {
  const asLeft = JSON.stringify(now.optimizer) === JSON.stringify(optimizerNow);
  return asLeft ? { ...now, optimizer } : now;
}
