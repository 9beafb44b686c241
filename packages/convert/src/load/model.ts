/** Translates a whole model of Keras to TensorFlow.js. */
import { isTable } from '@keepprob/core/driver';
import { callsIn, checkOrder, endsIn, type Node, type Tensor } from './graph.ts';
import { type LayerConfig, layerIn } from './layer.ts';
import { DEEPEST, MOST_LAYERS } from './limits.ts';
import { unknownClass } from './unknown.ts';
import type { Version } from './values.ts';
import { listIn, nameIn, own, type Table, tableIn, wrong } from './where.ts';

/** A layer with its name in the model, in the order of the file. */
export interface ModelPart {
  readonly name: string;
  readonly className: string;
  /** The parts of a nested model; undefined for any other layer. */
  readonly parts: readonly ModelPart[] | undefined;
  /** The class of the layer inside a wrapper. */
  readonly inner: string | undefined;
}

/** The config that TensorFlow.js reads, and the parts of the model. */
export interface ModelConfig {
  readonly topology: LayerConfig;
  readonly parts: readonly ModelPart[];
}

interface Around {
  readonly where: string;
  readonly version: Version;
  readonly depth: number;
  /** Number of layers so far. */
  readonly count: { layers: number };
}

const modelClasses = ['Functional', 'Model', 'Sequential'];

/** @throws ConvertError if it is not a model that TensorFlow.js can build */
export function modelIn(json: unknown, version: Version): ModelConfig {
  const saved = tableIn(json, 'the model', 'a saved model');
  return translated(saved, { where: '', version, depth: 0, count: { layers: 0 } });
}

function translated(saved: Table, around: Around): ModelConfig {
  const { where, depth } = around;
  const className = nameIn(own(saved, 'class_name'), where || 'the model');
  if (!modelClasses.includes(className))
    return unknownClass('model', where || 'the model', className, ['Functional', 'Sequential']);
  if (depth > DEEPEST) return wrong(where, `models nested at most ${DEEPEST} deep`, 'more');
  const config = tableIn(own(saved, 'config'), where || 'the model', 'a config');
  return className === 'Sequential' ? sequential(config, saved, around) : functional(config, around);
}

interface Part {
  readonly part: ModelPart;
  readonly layer: LayerConfig;
}

const labelled = (where: string, name: string): string => (where ? `${where}/${name}` : name);

function partIn(value: unknown, around: Around): Part {
  const saved = tableIn(value, around.where || 'layers', 'a layer');
  const config = tableIn(own(saved, 'config'), around.where || 'layers', 'a config');
  const name = nameIn(own(saved, 'name') ?? own(config, 'name'), around.where || 'layers');
  const where = labelled(around.where, name);
  around.count.layers++;
  if (around.count.layers > MOST_LAYERS) return wrong(where, `at most ${MOST_LAYERS} layers`, 'more');
  const className = nameIn(own(saved, 'class_name'), where);
  if (className === 'InputLayer') return { part: leaf(name, className), layer: inputIn(name, config, where) };
  if (modelClasses.includes(className)) {
    const { topology, parts } = translated(saved, { ...around, where, depth: around.depth + 1 });
    const layer = { ...topology, config: { ...topology.config, name } };
    return { part: { name, className, parts, inner: undefined }, layer };
  }
  const layer = layerIn(saved, { where, version: around.version });
  const { layer: wrapped } = layer.config;
  const inner = isTable(wrapped) ? String(own(wrapped, 'class_name')) : undefined;
  return { part: { name, className, parts: undefined, inner }, layer: { ...layer, config: { ...layer.config, name } } };
}

const leaf = (name: string, className: string): ModelPart => ({ name, className, parts: undefined, inner: undefined });

function partsIn(config: Table, around: Around): Part[] {
  const where = around.where || 'the model';
  const parts = listIn(own(config, 'layers'), where, 'a list of layers').map(layer => partIn(layer, around));
  const names = new Set<string>();
  for (const { part } of parts) {
    if (names.has(part.name)) wrong(where, 'a unique name for each layer', part.name);
    names.add(part.name);
  }
  return parts;
}

/** Keras 3 uses batch_shape, Keras 2 batch_input_shape. */
function inputIn(name: string, config: Table, where: string): LayerConfig {
  const shape = shapeIn(own(config, 'batch_shape') ?? own(config, 'batch_input_shape'), where);
  const dtype = own(config, 'dtype');
  const type = typeof dtype === 'string' && ['int32', 'bool'].includes(dtype) ? dtype : 'float32';
  return { class_name: 'InputLayer', config: { batch_input_shape: shape, dtype: type, sparse: false, name } };
}

function shapeIn(value: unknown, where: string): readonly (number | null)[] {
  const isSize = (size: unknown): size is number | null =>
    size === null || (Number.isSafeInteger(size) && Number(size) > 0 && Number(size) < 2 ** 31);
  if (Array.isArray(value) && value.length > 0 && value.length < 8 && value.every(isSize)) return value;
  return wrong(where, 'the shape of an input', value);
}

/** A Sequential that was built without an input layer stores its shape elsewhere. */
function sequential(config: Table, saved: Table, around: Around): ModelConfig {
  const where = around.where || 'the model';
  const parts = partsIn(config, around);
  const [first] = parts;
  if (!first) return wrong(where, 'at least one layer', 'none');
  const begins = first.part.className === 'InputLayer' || first.part.parts !== undefined;
  const layers = begins ? parts : [inputFor(parts, config, saved, where), ...parts];
  const name = nameIn(own(config, 'name') ?? 'sequential', where);
  return {
    topology: { class_name: 'Sequential', config: { name, layers: layers.map(({ layer }) => layer) } },
    parts: parts.map(({ part }) => part),
  };
}

function inputFor(parts: readonly Part[], config: Table, saved: Table, where: string): Part {
  const build = own(saved, 'build_config');
  const [first] = listIn(own(config, 'layers'), where, 'a list of layers');
  const own1 = isTable(first) && isTable(own(first, 'config')) ? tableIn(own(first, 'config'), where, 'a config') : {};
  const shape =
    own(own1, 'batch_input_shape') ??
    own(own1, 'batch_shape') ??
    own(config, 'build_input_shape') ??
    (isTable(build) ? own(build, 'input_shape') : undefined);
  const dtype = parts[0]?.part.className === 'Embedding' ? 'int32' : 'float32';
  const name = `${parts[0]?.part.name ?? 'sequential'}_input`;
  return { part: leaf(name, 'InputLayer'), layer: inputIn(name, { batch_shape: shape ?? null, dtype }, where) };
}

function functional(config: Table, around: Around): ModelConfig {
  const where = around.where || 'the model';
  const saved = listIn(own(config, 'layers'), where, 'a list of layers');
  const parts = partsIn(config, around);
  const models = new Set(parts.filter(({ part }) => part.parts).map(({ part }) => part.name));
  const isNew = saved.some(layer => isTable(layer) && hasNewCalls(own(layer, 'inbound_nodes')));
  // TensorFlow.js counts the call that made a model, like Keras 2
  const first = (layer: string): number => (isNew && models.has(layer) ? 1 : 0);
  const nodes = parts.map(({ part }, i): Node => {
    const layer = saved[i];
    const made = part.className === 'InputLayer' || part.parts ? 1 : 0;
    const calls = callsIn(isTable(layer) ? own(layer, 'inbound_nodes') : [], labelled(around.where, part.name), first);
    return { name: part.name, made, calls };
  });
  checkOrder(nodes, where);
  const ends = (key: string): Tensor[] => endsIn(own(config, key), where, first);
  const [inputs, outputs] = [ends('input_layers'), ends('output_layers')];
  checkEnds([...inputs, ...outputs], nodes, where);
  return {
    topology: {
      class_name: 'Functional',
      config: {
        name: nameIn(own(config, 'name') ?? 'functional', where),
        layers: parts.map(({ layer }, i) => ({ ...layer, ...connected(nodes[i]) })),
        input_layers: inputs,
        output_layers: outputs,
      },
    },
    parts: parts.map(({ part }) => part),
  };
}

const hasNewCalls = (nodes: unknown): boolean => Array.isArray(nodes) && nodes.some(node => isTable(node));

const connected = (node: Node | undefined) => ({
  name: node?.name,
  inbound_nodes: (node?.calls ?? []).map(({ inputs, training }) =>
    inputs.map(tensor => [...tensor, training === undefined ? {} : { training }]),
  ),
});

function checkEnds(ends: readonly Tensor[], nodes: readonly Node[], where: string): void {
  if (!ends.length) wrong(where, 'inputs and outputs', 'none');
  for (const [layer, call] of ends) {
    const node = nodes.find(({ name }) => name === layer);
    if (!node || call >= node.made + node.calls.length) wrong(where, 'inputs and outputs among its layers', layer);
  }
}
