import { OptionError } from '@keepprob/core';
import { checkModel, messages } from '@keepprob/core/driver';
import * as tfl from '@tensorflow/tfjs-layers';
import { dropout } from '../layers/dropout.ts';

type KeepProbs = Readonly<Record<string, number>>;

export interface KeepProbsOptions {
  /** keepProb of the input (near 1), or of each input by name. */
  readonly input?: number | KeepProbs;
  /** Seed of every inserted layer; without it they follow the run's. */
  readonly seed?: number;
}

/**
 * The model with dropout behind the named layers, as the lecture sets keep.prob per layer; 1.0 inserts nothing. The new
 * model shares its weights with the one given: train either, both learn.
 *
 * `keepProbs(model, { hidden1: 0.7, hidden2: 0.5 }, { input: 0.9 })`; with one number for some layers:
 * `keepProbs(model, ['hidden1', 'hidden2'], 0.5)`.
 *
 * The inserted layers are called `<layer>_dropout`. Behind a shared layer each use gets masks of its own. A named layer
 * that is an output and also feeds other layers is dropped only on the way to those.
 * @throws OptionError for an unknown layer (the error lists the names there are), an output layer, or a bad keepProb
 */
export function keepProbs(model: tfl.LayersModel, layers: KeepProbs, options?: KeepProbsOptions): tfl.LayersModel;
export function keepProbs(
  model: tfl.LayersModel,
  layers: readonly string[],
  keepProb: number,
  options?: KeepProbsOptions,
): tfl.LayersModel;
export function keepProbs(
  model: tfl.LayersModel,
  layers: KeepProbs | readonly string[],
  ...rest: readonly (number | KeepProbsOptions | undefined)[]
): tfl.LayersModel {
  checkModel(model);
  const isList = Array.isArray(layers);
  const table: KeepProbs = isList
    ? Object.fromEntries((layers as readonly string[]).map(name => [name, rest[0] as number]))
    : (layers as KeepProbs);
  const options = ((isList ? rest[1] : rest[0]) ?? {}) as KeepProbsOptions;
  const inputs = inputTable(model, options.input);
  checkTables(model, table, inputs);
  return insert(model, { ...table, ...inputs }, options.seed);
}

const inputTable = (model: tfl.LayersModel, input: KeepProbsOptions['input'] = 1): KeepProbs =>
  typeof input === 'object' ? input : Object.fromEntries(model.inputNames.map(name => [name, input]));

function checkTables(model: tfl.LayersModel, table: KeepProbs, inputs: KeepProbs): void {
  const names = model.layers.map(layer => layer.name);
  const unknown = (name: string, known: readonly string[]): OptionError =>
    new OptionError(messages.layerUnknown('keepProbs', name, known), { option: name, received: name });
  for (const name of Object.keys(table)) if (!names.includes(name)) throw unknown(name, names);
  for (const name of Object.keys(inputs)) if (!model.inputNames.includes(name)) throw unknown(name, model.inputNames);
  for (const [name, keepProb] of [...Object.entries(table), ...Object.entries(inputs)]) {
    if (!(typeof keepProb === 'number' && keepProb > 0 && keepProb <= 1)) {
      throw OptionError.of('keepProbs', name, 'a number > 0 ≤ 1', keepProb);
    }
  }
  const consumed = new Set(model.layers.flatMap(layer => consumers(model, layer)));
  for (const name of Object.keys(table)) {
    const isOutput = model.outputs.some(output => output.sourceLayer.name === name);
    if (isOutput && !consumed.has(name)) {
      throw new OptionError(messages.layerIsOutput('keepProbs', name), { option: name, received: name });
    }
  }
}

/** Names of the layers whose output `layer` takes. */
const consumers = (model: tfl.LayersModel, layer: tfl.layers.Layer): string[] =>
  layer.inboundNodes.flatMap(node => node.inboundLayers.filter(l => model.layers.includes(l)).map(l => l.name));

/** Applies every layer downstream of a dropout again, to the dropped tensors; what lies upstream is used as it is. */
function insert(model: tfl.LayersModel, table: KeepProbs, seed?: number): tfl.LayersModel {
  const dropouts = new Map<string, tfl.layers.Layer>();
  const wired = new Map<number, tfl.SymbolicTensor>();
  const applied = new Map<unknown, tfl.SymbolicTensor[]>();

  const dropped = (tensor: tfl.SymbolicTensor, name: string): tfl.SymbolicTensor => {
    const keepProb = table[name] ?? 1;
    if (keepProb === 1) return tensor;
    const layer =
      dropouts.get(name) ?? dropout({ keepProb, name: `${name}_dropout`, ...(seed !== undefined && { seed }) });
    dropouts.set(name, layer);
    return layer.apply(tensor) as tfl.SymbolicTensor;
  };
  /** The tensor as the layers after it see it. */
  const inner = (tensor: tfl.SymbolicTensor): tfl.SymbolicTensor => {
    const known = wired.get(tensor.id);
    if (known) return known;
    const result = dropped(outer(tensor), tensor.sourceLayer.name);
    wired.set(tensor.id, result);
    return result;
  };
  /** The tensor as the model gives it out. */
  const outer = (tensor: tfl.SymbolicTensor): tfl.SymbolicTensor => {
    if (model.inputs.includes(tensor)) return tensor;
    const layer = tensor.sourceLayer;
    const node = layer.inboundNodes[tensor.nodeIndex] as (typeof layer.inboundNodes)[number];
    const sources = node.inputTensors.map(inner);
    if (sources.every((source, i) => source === node.inputTensors[i])) return tensor;
    const outputs =
      applied.get(node) ??
      [layer.apply(sources.length === 1 ? (sources[0] as tfl.SymbolicTensor) : sources, node.callArgs)].flat();
    applied.set(node, outputs as tfl.SymbolicTensor[]);
    return outputs[tensor.tensorIndex] as tfl.SymbolicTensor;
  };

  return tfl.model({ inputs: model.inputs, outputs: model.outputs.map(outer) });
}
