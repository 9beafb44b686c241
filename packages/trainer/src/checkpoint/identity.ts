import { flatten, type Json, MASK_FORMAT, type Plugins, type Weight } from '@keepprob/core';
import type { Run } from '@keepprob/core/driver';
import { type Optimizer, version_core } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { CHECKPOINT_FORMAT, type Identity } from './checkpoint.ts';

/** As JSON has it, without the keys to skip: no undefined, functions by their names. */
function lasting(value: unknown, skip: (key: string) => boolean = () => false): Json {
  if (Array.isArray(value)) return value.map(v => lasting(v, skip));
  if (typeof value === 'function') return { function: value.name };
  if (typeof value !== 'object' || value === null) return (value ?? null) as Json;
  const entries = Object.entries(value).filter(([key, v]) => v !== undefined && !skip(key));
  return Object.fromEntries(entries.map(([key, v]) => [key, lasting(v, skip)]));
}

/** Names of layers count per process, and initializers have done their work. */
const isPassing = (key: string): boolean =>
  ['name', 'inboundNodes', 'inputLayers', 'outputLayers'].includes(key) || key.endsWith('Initializer');

export const shapesOf = (weights: readonly Weight[]): Identity['weights'] =>
  Object.fromEntries(weights.map(({ path, variable }) => [path, `[${variable.shape}] ${variable.dtype}`]));

/** What a run over `model` is, before its first update. `data` says what the data are like, in whatever words. */
export function identityOf(
  model: LayersModel,
  run: Run,
  optimizer: Optimizer,
  plugins: readonly Plugins[],
  data: Json,
): Identity {
  return {
    versions: { format: CHECKPOINT_FORMAT, mask: MASK_FORMAT, tfjs: version_core },
    seed: run.seed,
    layers: model.layers.map(layer => ({ [layer.getClassName()]: lasting(layer.getConfig(), isPassing) })),
    weights: shapesOf(run.weights),
    optimizer: { [optimizer.getClassName()]: lasting(optimizer.getConfig()) },
    plugins: flatten(plugins).map(({ name, config }) => ({ [name]: lasting(config) })),
    data: lasting(data),
  };
}
