/** Writes a model as a class of the script. */
import { callsIn, inputNames, isModel } from '@keepprob/core/driver';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { isChain } from '../network/chain.ts';
import { innerOf, inOrderMade, makesMasks } from '../network/masks.ts';
import { plainOf } from '../network/plain.ts';
import { attributesOf, className, identifiers } from '../python/names.ts';
import { convolutions } from './layers/convolution.ts';
import { denseLayers } from './layers/dense.ts';
import { plainLayers } from './layers/plain.ts';
import { recurrentLayers } from './layers/recurrent.ts';
import { reparametrized } from './layers/reparametrized.ts';
import { inLayout, outside, type Traced } from './layout.ts';
import { checkNoMask, maskBehind } from './masks.ts';
import { type Layer, refuse, type Site, type Translate, variables } from './site.ts';
import { ModuleWriter, type Script } from './writer.ts';

const withoutSteps = ([batch = null, , ...others]: Traced['shape']): Traced['shape'] => [batch, ...others];

/** Batch and time are merged into one axis, and split again afterwards. */
const timeDistributed: Translate = site => {
  const [input] = site.inputs;
  const inner = innerOf(site.layer);
  if (!input || !inner) return refuse(site, 'it has no layer inside.');
  checkNoMask(site, inner);
  const x = inLayout(input, 'last');
  const steps = `${site.name}_steps`;
  site.write.line(`${steps} = ${x}.shape[1]`);
  const [out] = translate({
    ...inside(site, inner),
    // nested ones count their steps under their own names
    name: innerOf(inner) ? `${site.name}_inner` : site.name,
    inputs: [{ expr: `${x}.flatten(0, 1)`, shape: withoutSteps(input.shape), layout: 'last' }],
    shapes: site.shapes.map(withoutSteps),
  });
  if (!out) return refuse(site, 'its layer has no output.');
  const [shape = []] = site.shapes;
  site.write.line(`${site.variable} = ${inLayout(out, 'last')}.unflatten(0, (-1, ${steps}))`);
  return [{ expr: site.variable, shape, layout: 'last' }];
};

/** The site of an inner layer, in place of the outer one. */
function inside(site: Site, inner: Layer): Site {
  const { className, config, ends } = plainOf(inner);
  noteEnds(site.write.script, inner, ends);
  return { ...site, layer: inner, className, config };
}

const noteEnds = ({ notes }: Script, { name }: Layer, ends: readonly string[]): void => {
  for (const end of ends) notes.add(`Layer ${name}: ${end} changed over time; this is its last value.`);
};

const nested: Translate = site => {
  const { layer, write } = site;
  if (!isModel(layer)) return refuse(site, 'it is not a model.');
  checkNoMask(site, layer);
  const prefix = `${write.prefix}${site.name}.`;
  const name = freeClass(write.script, layer.name);
  if (write.member(site.name, `${name}()`))
    write.script.classes.push(classOf(write.script, layer, prefix, name, site.label));
  const args = site.inputs.map(input => inLayout(input, outside(input.shape)));
  const results = variables(site);
  if (makesMasks(layer)) write.mask = null;
  write.line(`${results.join(', ')} = self.${site.name}(${args.join(', ')})`);
  return site.shapes.map((shape, i) => ({ expr: results[i] ?? site.variable, shape, layout: outside(shape) }));
};

/** A class name that is not used yet in the script. */
function freeClass({ classNames }: Script, name: string): string {
  const wanted = className(name);
  let free = wanted;
  for (let n = 2; classNames.has(free); n++) free = `${wanted}${n}`;
  return free;
}

const table: Readonly<Record<string, Translate>> = {
  ...convolutions,
  ...denseLayers,
  ...plainLayers,
  ...recurrentLayers,
  ...reparametrized((site, inner) => translate(inside(site, inner))),
  TimeDistributed: timeDistributed,
};

function translate(site: Site): readonly Traced[] {
  if (isModel(site.layer)) return nested(site);
  const known = Object.hasOwn(table, site.className) ? table[site.className] : undefined;
  return known ? known(site) : refuse(site, 'PyTorch has no equivalent of its class.');
}

/** The text of the class of a model; the classes of nested models are added to the script before it. */
export function classOf(script: Script, model: LayersModel, prefix: string, name: string, label = ''): string {
  script.classNames.add(name);
  const write = new ModuleWriter(script, prefix);
  const calls = callsIn(model);
  const layers = [...new Set(calls.map(({ layer }) => layer))];
  const attributes = attributesOf(layers.map(layer => layer.name));
  const chain = isChain(model, calls);
  const args = model.inputs.length === 1 ? ['x'] : identifiers(inputNames(model)).map(arg => `${arg}_in`);
  const traced = new Map<SymbolicTensor, Traced>(
    model.inputs.map((tensor, i) => [
      tensor,
      { expr: args[i] ?? 'x', shape: tensor.shape, layout: outside(tensor.shape) },
    ]),
  );
  write.hasMasks = makesMasks(model);
  const counts = new Map<Layer, number>();
  const done = new Set<object>();
  for (const call of write.hasMasks ? inOrderMade(model, calls) : calls) {
    const { layer } = call;
    const inputs = call.inputs.flatMap(tensor => traced.get(tensor) ?? []);
    if (inputs.some(({ mask }) => mask !== undefined)) write.mask = inputs[0]?.mask;
    if (done.has(call)) continue;
    done.add(call);
    const attribute = attributes[layers.indexOf(layer)] ?? 'layer';
    const count = counts.get(layer) ?? 0;
    counts.set(layer, count + 1);
    const { className, config, ends } = plainOf(layer);
    noteEnds(script, layer, ends);
    const site: Site = {
      layer,
      label: label ? `${label}/${layer.name}` : layer.name,
      className,
      config,
      name: attribute,
      variable: chain ? 'x' : count ? `${attribute}_${count}_` : attribute,
      inputs,
      mask: write.mask,
      shapes: call.outputs.map(({ shape }) => shape),
      write,
    };
    const before = write.init.length;
    const results = translate(site);
    const mask = maskBehind(site);
    for (const [i, tensor] of call.outputs.entries()) {
      const one = results[i];
      if (one) traced.set(tensor, { mask, ...one });
    }
    if (!layer.trainable && layer.weights.length && write.init.length > before) freeze(write, before);
  }
  const outs = model.outputs.map(tensor => {
    const out = traced.get(tensor);
    return out ? inLayout(out, outside(tensor.shape)) : 'None';
  });
  return written(name, args, write, outs);
}

/** Keeps frozen layers frozen. */
function freeze(write: ModuleWriter, from: number): void {
  const members = write.init.slice(from).flatMap(line => /^self\.(\w+) = /.exec(line)?.[1] ?? []);
  write.init.push(...members.map(member => `self.${member}.requires_grad_(False)`));
}

const indented = (lines: readonly string[]): string => lines.map(line => `        ${line}\n`).join('');

function written(
  name: string,
  args: readonly string[],
  { init, forward }: ModuleWriter,
  outs: readonly string[],
): string {
  return `
class ${name}(nn.Module):
    def __init__(self):
        super().__init__()
${indented(init)}
    def forward(self, ${args.join(', ')}):
${indented([...forward, `return ${outs.join(', ')}`])}
`;
}
