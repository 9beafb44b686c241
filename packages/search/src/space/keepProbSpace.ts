import { checkOptions, OptionError, option } from '@keepprob/core';
import { callsIn, checkModel, layerNamed, nearest, messages as ofCore } from '@keepprob/core/driver';
import { keepProbNoisesOf } from '@keepprob/core/layers';
import { suggestKeepProbs } from '@keepprob/lens';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import * as messages from '../messages.ts';
import { keepProb } from './makers.ts';
import type { KeepProbSpace } from './spaces.ts';

const NAME = 'keepProbSpace';
/** Below this, dropout in a hidden layer is seldom useful. */
const LOW = 0.3;

/** Options of `keepProbSpace`. */
export interface KeepProbSpaceOptions {
  /** keepProb of the input: a space such as `keepProb(0.8, 1)`, or a number; 1 by default. The lecture recommends 1.0, or about 0.9. */
  readonly input?: KeepProbSpace | number;
  /** The smallest keepProb to try; 0.3 by default. */
  readonly low?: number;
  /** The largest keepProb to try; 1 by default. */
  readonly high?: number;
}

/** Spaces by layer, named after their use: `setKeepProb(model, set)` and `keepProbs(model, keepProbs, { input })`. */
export interface KeepProbSpaces {
  /** For the model's existing dropout, by the layer's name. */
  readonly set: Readonly<Record<string, KeepProbSpace>>;
  /** For dropout to insert, by the name of the layer before it. */
  readonly keepProbs: Readonly<Record<string, KeepProbSpace>>;
  /** keepProb of the input. */
  readonly input: KeepProbSpace | number;
}

const specs = {
  low: option.keepProb({ fallback: LOW }),
  high: option.keepProb({ fallback: 1 }),
  input: option.custom<KeepProbSpace | number>(
    'a keepProb(low, high), or a number > 0 and ≤ 1',
    value => option.keepProb().accepts(value) || isSpace(value),
    { fallback: 1 },
  ),
};

const isSpace = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'space' in value && value.space === 'keepProb';

/**
 * The lecture's search space for a model: a keepProb for each of its dropout layers, and for each layer after which `suggestKeepProbs` would
 * insert plain dropout. The result is part of a config, for `setKeepProb` and `keepProbs` of @keepprob/dropout.
 * @example
 * const space = keepProbSpace(model, { input: keepProb(0.8, 1) });
 * readSpace(space).dimensions.map(({ name }) => name); // ['keepProbs.hidden1', 'keepProbs.hidden2', 'input']
 * @throws OptionError if `model` is not a built LayersModel, for bounds out of order, and for a model in which nothing can be dropped
 */
export function keepProbSpace(model: LayersModel, options?: KeepProbSpaceOptions): KeepProbSpaces;
/**
 * One keepProb for all these layers, the lecture's way to have fewer hyperparameters. A name is that of a dropout layer, or of a layer to insert one after.
 * @example
 * readSpace(keepProbSpace(model, ['hidden1', 'hidden2'])).dimensions.length; // 1
 * @throws OptionError also for an unknown layer, with the nearest known name, and for an output
 */
export function keepProbSpace(
  model: LayersModel,
  layers: readonly string[],
  options?: KeepProbSpaceOptions,
): KeepProbSpaces;
export function keepProbSpace(
  model: LayersModel,
  first: readonly string[] | KeepProbSpaceOptions = {},
  second: KeepProbSpaceOptions = {},
): KeepProbSpaces {
  checkModel(model, NAME);
  const layers = Array.isArray(first) ? named(model, first) : undefined;
  const { low, high, input } = checkOptions(NAME, specs, layers ? second : first);
  const { set, behind } = layers ?? everyLayer(model);
  if (set.length + behind.length === 0) throw new OptionError(messages.nothingToDrop(NAME), { option: 'model' });
  const space = keepProb(low, high, layers ? { share: 'keepProb' } : {});
  const table = (names: readonly string[]) => Object.fromEntries(names.map(name => [name, space]));
  return { set: table(set), keepProbs: table(behind), input };
}

interface Layers {
  /** Dropout layers. */
  readonly set: readonly string[];
  /** Layers to insert dropout after. */
  readonly behind: readonly string[];
}

/** All layers; dropout layers with the same name are distinguished by their paths. */
function everyLayer(model: LayersModel): Layers {
  const noises = keepProbNoisesOf(model);
  const paths = new Map(noises.map(({ path, name }) => [path, name]));
  const names = [...paths.values()];
  const set = [...paths].map(([path, name]) => (names.filter(other => other === name).length > 1 ? path : name));
  return { set, behind: Object.keys(suggestKeepProbs(model).keepProbs) };
}

function named(model: LayersModel, given: readonly string[]): Layers {
  const dropouts = new Set(keepProbNoisesOf(model).flatMap(({ name, path }) => [name, path]));
  const set = given.filter(name => dropouts.has(name));
  const behind = given.filter(name => !dropouts.has(name));
  for (const name of behind) checkLayer(model, name, [...dropouts]);
  return { set, behind };
}

function checkLayer(model: LayersModel, name: string, dropouts: readonly string[]): void {
  const names = model.layers.map(layer => layer.name);
  const what = { option: 'layers', received: name };
  if (!names.includes(name))
    throw new OptionError(messages.layerUnknown(NAME, name, nearest(name, [...names, ...dropouts]), names), what);
  layerNamed(NAME, model, name);
  const calls = callsIn(model);
  const outputs = calls.filter(({ layer }) => layer.name === name).flatMap(call => call.outputs);
  const feeds = calls.some(({ inputs }) => inputs.some(input => outputs.includes(input)));
  if (!feeds) throw new OptionError(ofCore.layerIsOutput(NAME, name), what);
}
