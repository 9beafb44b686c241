/** Writes a model as a function of the script that builds it. */
import { type Call, callsIn, distinct, inputNames, isModel } from '@keepprob/core/driver';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { isChain } from '../network/chain.ts';
import { call, literal } from '../python/literal.ts';
import { identifier, identifiers } from '../python/names.ts';
import type { Layer } from '../torch/site.ts';
import { type KerasScript, layerCall } from './layer.ts';

/** A valid name: Keras allows no slash. */
const nameIn = (name: string): string => name.replace(/[^\w.-]+/g, '_') || 'layer';

/** The names of a model's layers in the script. */
export function layerNames(model: LayersModel): ReadonlyMap<Layer, string> {
  const layers = [...new Set(callsIn(model).map(({ layer }) => layer))];
  const names = distinct(layers.map(({ name }) => nameIn(name)));
  return new Map(layers.map((layer, i) => [layer, names[i] ?? layer.name]));
}

function inputCall({ shape, dtype }: SymbolicTensor, name: string): string {
  const sizes = shape.slice(1).map(size => size);
  const type = dtype === 'float32' ? [] : [`dtype=${literal(dtype)}`];
  return `keras.Input(${[literal(sizes), ...type, `name=${literal(nameIn(name))}`].join(', ')})`;
}

/** Writes the functions that build models, and the expressions that make layers. */
export class ModelBuilder {
  readonly #script: KerasScript;
  readonly functions: string[] = [];
  readonly #taken = new Set(['load', 'build', 'set_weights', 'optimizer']);

  constructor(script: KerasScript) {
    this.#script = script;
  }

  /** The text of a function that builds a model. */
  build(model: LayersModel, name: string, label = ''): string {
    const calls = callsIn(model);
    const names = layerNames(model);
    const labelOf = (layer: Layer): string => (label ? `${label}/${layer.name}` : layer.name);
    const made = (layer: Layer, indent: string): string => {
      const own = names.get(layer) ?? layer.name;
      if (!isModel(layer)) return layerCall(this.#script, layer, labelOf(layer), own, indent);
      const free = this.#free(`build_${identifier(layer.name)}`);
      this.functions.push(this.build(layer, free, labelOf(layer)));
      return `${free}()`;
    };
    const body = isChain(model, calls) ? sequential(model, calls, made) : functional(model, calls, made);
    return `\ndef ${name}():\n${body}\n`;
  }

  #free(wanted: string): string {
    let free = wanted;
    for (let n = 2; this.#taken.has(free); n++) free = `${wanted}_${n}`;
    this.#taken.add(free);
    return free;
  }
}

type Make = (layer: Layer, indent: string) => string;

function sequential(model: LayersModel, calls: readonly Call[], made: Make): string {
  const [input] = model.inputs;
  const lines = [...(input ? [inputCall(input, inputNames(model)[0] ?? 'input')] : [])];
  lines.push(...calls.map(({ layer }) => made(layer, '            ')));
  return `    return keras.Sequential(
        [
${lines.map(line => `            ${line},\n`).join('')}        ],
        name=${literal(nameIn(model.name))},
    )
`;
}

const isRecurrent = (layer: Layer): boolean => 'cell' in layer;

function functional(model: LayersModel, calls: readonly Call[], made: Make): string {
  const inputs = identifiers(inputNames(model));
  const layers = [...new Set(calls.map(({ layer }) => layer))];
  const variables = identifiers([...inputs, ...layers.map(({ name }) => name)]).slice(inputs.length);
  const named = new Map<SymbolicTensor, string>(model.inputs.map((tensor, i) => [tensor, inputs[i] ?? 'x']));
  const lines = model.inputs.map((tensor, i) => `${inputs[i]} = ${inputCall(tensor, inputNames(model)[i] ?? 'input')}`);
  const counts = new Map<Layer, number>();
  for (const one of calls) {
    const { layer, outputs } = one;
    const count = counts.get(layer) ?? 0;
    counts.set(layer, count + 1);
    const variable = variables[layers.indexOf(layer)] ?? 'x';
    const shared = calls.filter(other => other.layer === layer).length > 1;
    if (shared && !count) lines.push(`${variable}_layer = ${made(layer, '    ')}`);
    const results = outputs.map((_, i) => [variable, ...(count ? [count] : []), ...(i ? [`out${i}`] : [])].join('_'));
    for (const [i, tensor] of outputs.entries()) named.set(tensor, results[i] ?? variable);
    lines.push(`${results.join(', ')} = ${shared ? `${variable}_layer` : made(layer, '    ')}(${passed(one, named)})`);
  }
  const list = (tensors: readonly SymbolicTensor[]): string =>
    listed(tensors.map(tensor => named.get(tensor) ?? 'None'));
  const result = call(
    'keras.Model',
    [list(model.inputs), list(model.outputs), `name=${literal(nameIn(model.name))}`],
    '    ',
  );
  return `${[...lines, `return ${result}`].map(line => `    ${line}\n`).join('')}`;
}

const listed = (names: readonly string[]): string => (names.length === 1 ? (names[0] ?? '') : `[${names.join(', ')}]`);

/** The arguments of a layer call: recurrent layers take their states separately from their input. */
function passed({ layer, inputs }: Call, named: ReadonlyMap<SymbolicTensor, string>): string {
  const [first = 'None', ...others] = inputs.map(tensor => named.get(tensor) ?? 'None');
  if (isRecurrent(layer) && others.length) return `${first}, initial_state=[${others.join(', ')}]`;
  return listed([first, ...others]);
}
