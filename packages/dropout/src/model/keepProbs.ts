import { checkOptions, OptionError, option } from '@keepprob/core';
import {
  type Call,
  callAgain,
  callsIn,
  checkArgument,
  checkModel,
  distinct,
  inputNames,
  isTable,
  layerNamed,
  messages,
  ownValue,
} from '@keepprob/core/driver';
import * as tfl from '@tensorflow/tfjs-layers';
import { dropout } from '../layers/dropout.ts';

const NAME = 'keepProbs';
const valid = option.keepProb();
const layersOption = option.custom<KeepProbs | readonly string[]>(
  'an object of keepProbs by layer name, or a list of layer names',
  value => (Array.isArray(value) ? [...value].every(name => typeof name === 'string') : isTable(value)),
);

type KeepProbs = Readonly<Record<string, number>>;

/** Options of `keepProbs`. */
export interface KeepProbsOptions {
  /** keepProb of the input (near 1), or of each input by name; 1 by default. */
  readonly input?: number | KeepProbs;
  /** Seed of every inserted layer; by default they follow the run's. */
  readonly seed?: number;
}

const specs = {
  input: option.either(valid, option.custom<KeepProbs>('an object of these by input name', isTable), { fallback: 1 }),
  seed: option.optional(option.number({ min: 0, integer: true })),
};

/**
 * Makes a model with dropout after the named layers, like the lecture's keep.prob per layer; 1.0 inserts nothing. The new
 * model shares its weights with the given one: train either, and both learn.
 *
 * The inserted layers are called `<layer>_dropout`. Behind a shared layer each use gets its own masks, and so does each output of a layer with
 * several outputs. If a named layer is an output and also feeds other layers, dropout applies only on the way to those. A nested model counts as one layer.
 *
 * The given model does not change, including `model.getLayer(name).output`. Both models have the same layers, so `getLayer` of the new model
 * also gives the layer's output without dropout. Dispose each of them; the weights go with the last one.
 * @example
 * const regularized = keepProbs(model, { hidden1: 0.7, hidden2: 0.5 }, { input: 0.9 });
 * const oneNumber = keepProbs(model, ['hidden1', 'hidden2'], 0.5);
 * @throws OptionError for an unknown layer (the error lists the names there are), a name of two layers, an output layer, or a bad keepProb
 */
export function keepProbs(model: tfl.LayersModel, layers: KeepProbs, options?: KeepProbsOptions): tfl.LayersModel;
/** The same keepProb after each of these layers. */
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
  checkModel(model, 'keepProbs');
  checkArgument(NAME, 'layers', layersOption, layers);
  const isList = Array.isArray(layers);
  const table: KeepProbs = isList
    ? Object.fromEntries((layers as readonly string[]).map(name => [name, rest[0] as number]))
    : (layers as KeepProbs);
  const { input, seed } = checkOptions(NAME, specs, (isList ? rest[1] : rest[0]) ?? {});
  const names = inputNames(model);
  const inputs: KeepProbs = typeof input === 'object' ? input : Object.fromEntries(names.map(name => [name, input]));
  checkNames(model, table, inputs);
  checkKeepProbs({ ...table, ...inputs });
  const wiring = wiringOf(model);
  checkOutputs(model, wiring, table);
  return insert(model, wiring, { table, inputs, seed });
}

function checkNames(model: tfl.LayersModel, table: KeepProbs, inputs: KeepProbs): void {
  for (const name of Object.keys(table)) layerNamed(NAME, model, name);
  const known = inputNames(model);
  const unknown = Object.keys(inputs).find(name => !known.includes(name));
  if (unknown !== undefined)
    throw new OptionError(messages.layerUnknown(NAME, unknown, known), { option: unknown, received: unknown });
}

function checkKeepProbs(all: KeepProbs): void {
  for (const [name, keepProb] of Object.entries(all)) {
    if (!valid.accepts(keepProb)) throw OptionError.of(NAME, name, valid.expected, keepProb);
  }
}

/** The tensors of a model by what makes them. */
interface Wiring {
  readonly calls: readonly Call[];
  /** The call that gives a tensor out; undefined for an input of the model. */
  makerOf(tensor: tfl.SymbolicTensor): Call | undefined;
}

function wiringOf(model: tfl.LayersModel): Wiring {
  const calls = callsIn(model);
  const makers = new Map(calls.flatMap(call => call.outputs.map(output => [output, call] as const)));
  return { calls, makerOf: tensor => makers.get(tensor) };
}

/** Dropout never goes behind an output; a layer that gives one may feed others, too. */
function checkOutputs(model: tfl.LayersModel, { calls, makerOf }: Wiring, table: KeepProbs): void {
  const makes = (name: string) => (tensor: tfl.SymbolicTensor) => makerOf(tensor)?.layer.name === name;
  for (const name of Object.keys(table)) {
    const feeds = calls.some(({ inputs }) => inputs.some(makes(name)));
    if (model.outputs.some(makes(name)) && !feeds)
      throw new OptionError(messages.layerIsOutput(NAME, name), { option: name, received: name });
  }
}

interface Inserted {
  readonly table: KeepProbs;
  readonly inputs: KeepProbs;
  readonly seed: number | undefined;
}

/**
 * Makes every call again, with dropout between them. Also those ahead of the first dropout: TF.js counts the calls of a layer, and lets go of its weights when
 * as many models were disposed.
 */
function insert(model: tfl.LayersModel, { makerOf }: Wiring, { table, inputs, seed }: Inserted): tfl.LayersModel {
  const names = inputNames(model);
  const layerNames = model.layers.map(({ name }) => name);
  const dropouts = new Map<string, tfl.layers.Layer>();
  const wired = new Map<tfl.SymbolicTensor, tfl.SymbolicTensor>();
  const made = new Map<Call, readonly tfl.SymbolicTensor[]>();

  const dropped = (tensor: tfl.SymbolicTensor, name: string, keepProb: number): tfl.SymbolicTensor => {
    const own = distinct([...layerNames, `${name}_dropout`]).at(-1) as string;
    const layer = dropouts.get(name) ?? dropout({ keepProb, name: own, ...(seed !== undefined && { seed }) });
    dropouts.set(name, layer);
    return layer.apply(tensor) as tfl.SymbolicTensor;
  };
  /** The tensor as the layers after it see it. */
  const inner = (tensor: tfl.SymbolicTensor): tfl.SymbolicTensor => {
    const known = wired.get(tensor);
    if (known) return known;
    const maker = makerOf(tensor);
    const name = maker?.layer.name ?? (names[model.inputs.indexOf(tensor)] as string);
    const keepProb = (maker ? undefined : ownValue(inputs, name)) ?? ownValue(table, name) ?? 1;
    const result = keepProb === 1 ? outer(tensor) : dropped(outer(tensor), name, keepProb);
    wired.set(tensor, result);
    return result;
  };
  /** The tensor as the model gives it out. */
  const outer = (tensor: tfl.SymbolicTensor): tfl.SymbolicTensor => {
    const maker = makerOf(tensor);
    if (!maker) return tensor;
    const outputs = made.get(maker) ?? callAgain(maker, maker.inputs.map(inner));
    made.set(maker, outputs);
    return outputs[maker.outputs.indexOf(tensor)] as tfl.SymbolicTensor;
  };

  return tfl.model({ inputs: model.inputs, outputs: model.outputs.map(outer) });
}
