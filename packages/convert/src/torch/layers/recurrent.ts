/**
 * Recurrent layers. nn.LSTM, nn.GRU and nn.RNN compute the same as the layers of Keras with default activations; other activations, and dropout of the state,
 * need a module that is written into the script and uses the weights of Keras unchanged.
 */

import { plainOf } from '../../network/plain.ts';
import { flagIn, numberIn, type Settings, textIn } from '../../network/settings.ts';
import { call, keywords, literal } from '../../python/literal.ts';
import { functionOf } from '../activations.ts';
import type { HelperName } from '../helpers.ts';
import { inLayout, type Traced } from '../layout.ts';
import { givenMask } from '../masks.ts';
import { type Floats, filled, permute, reorder, row, stored } from '../numbers.ts';
import { type Layer, refuse, type Site, shapeOf, type Translate, variables, weightNamed, weightOf } from '../site.ts';

type Kind = 'LSTM' | 'GRU' | 'SimpleRNN';

interface Cell {
  /** The module of PyTorch, and the one in the script. */
  readonly torch: 'nn.LSTM' | 'nn.GRU' | 'nn.RNN';
  readonly ours: HelperName;
  /** The gates of PyTorch by their positions in Keras: i, f, c, o; z, r, h. */
  readonly gates: readonly number[];
  readonly states: number;
}

const cells: Readonly<Record<Kind, Cell>> = {
  LSTM: { torch: 'nn.LSTM', ours: 'KerasLSTM', gates: [0, 1, 2, 3], states: 2 },
  GRU: { torch: 'nn.GRU', ours: 'KerasGRU', gates: [1, 0, 2], states: 1 },
  SimpleRNN: { torch: 'nn.RNN', ours: 'KerasRNN', gates: [0], states: 1 },
};

/** Whether PyTorch's own module computes the same. */
function isTorchs(kind: Kind, config: Settings): boolean {
  const activation = textIn(config, 'activation', 'tanh');
  const usual = activation === 'tanh' || (kind === 'SimpleRNN' && activation === 'relu');
  const gate = kind === 'SimpleRNN' || textIn(config, 'recurrentActivation') === 'sigmoid';
  const order = kind !== 'GRU' || flagIn(config, 'resetAfter', false);
  return usual && gate && order && !numberIn(config, 'recurrentDropout');
}

/** The requested results of a pass over the sequence: all outputs, the final states, or both. */
type Wanted = 'outputs' | 'states' | 'both';

/** The results of a pass. */
interface Pass {
  readonly outputs: string;
  readonly states: readonly string[];
}

/** One direction of a layer: its module under `name`, and the lines that run it on `input`. */
function pass(
  site: Site,
  layer: Layer,
  name: string,
  input: string,
  wanted: Wanted,
  initial: readonly string[] = [],
): Pass {
  const { className, config } = plainOf(layer);
  const kind = kindOf(site, className);
  if (flagIn(config, 'stateful', false)) return refuse(site, 'a stateful layer keeps its state between batches.');
  const mask = givenMask(site);
  // uses one module for a layer that is called with and without a mask
  const isWrapped = layer.weights.some(weight => site.write.wrapped.has(weight));
  const own = !site.write.hasMasks && !isWrapped && isTorchs(kind, config);
  if (own) torchModule(site, kind, layer, name, config);
  else ourModule(site, kind, layer, name, config);
  const dropped = numberIn(config, 'dropout') ? droppedInput(site, name, input, numberIn(config, 'dropout')) : input;
  const isTurned = flagIn(config, 'goBackwards', false);
  const inTime = (expr: string): string => (isTurned ? `${expr}.flip(1)` : expr);
  const args = [inTime(dropped), ...stateArgument(initial, own), ...keywords({ mask: mask && inTime(mask) })];
  return run(site, cells[kind], name, `self.${name}(${args.join(', ')})`, wanted, own);
}

function kindOf(site: Site, className: string): Kind {
  if (className === 'LSTM' || className === 'GRU' || className === 'SimpleRNN') return className;
  return refuse(site, `PyTorch has no recurrent layer ${className}.`);
}

/** The initial states of a sequence; in PyTorch they start with an axis of layers. */
function stateArgument(initial: readonly string[], own: boolean): string[] {
  if (!initial.length) return [];
  const given = initial.map(state => (own ? `${state}.unsqueeze(0)` : state));
  if (given.length > 1) return [`(${given.join(', ')})`];
  return [own ? `${given[0]}` : `(${given[0]},)`];
}

function run(site: Site, { states }: Cell, name: string, expr: string, wanted: Wanted, own: boolean): Pass {
  const outputs = wanted === 'states' ? '_' : `${name}_all`;
  const held = Array.from({ length: states }, (_, i) => `${name}_${'hc'[i]}`);
  const shown = held.map((h, i) => (wanted === 'both' || i === 0 ? h : '_'));
  const ends = states === 1 && own ? shown[0] : `(${shown.join(', ')}${states === 1 ? ',' : ''})`;
  site.write.line(`${outputs}, ${wanted === 'outputs' ? '_' : ends} = ${expr}`);
  return { outputs, states: own ? held.map(h => `${h}[0]`) : held };
}

/** Uses one mask of the features for all time steps, as Dropout1d does for channels. */
function droppedInput(site: Site, name: string, input: string, rate: number): string {
  site.write.member(`${name}_dropout`, `nn.Dropout1d(${literal(rate)})`);
  return `self.${name}_dropout(${input}.transpose(1, 2)).transpose(1, 2)`;
}

function torchModule(site: Site, kind: Kind, layer: Layer, name: string, config: Settings): void {
  const { torch, gates } = cells[kind];
  const kernel = weightOf(site, 'kernel', layer);
  const recurrent = weightOf(site, 'recurrent_kernel', layer);
  const [inputs] = shapeOf(kernel);
  const [units = 0] = shapeOf(recurrent);
  const bias = weightNamed(layer, 'bias');
  const relu = kind === 'SimpleRNN' && textIn(config, 'activation') === 'relu';
  const args = {
    nonlinearity: relu ? literal('relu') : undefined,
    bias: bias ? undefined : literal(false),
    batch_first: literal(true),
  };
  // Keras has one bias, except with reset_after; the second bias of PyTorch stays 0
  const single = bias && kind !== 'GRU';
  const frozen = single ? [`self.${name}.bias_hh_l0.requires_grad_(False)  # Keras has one bias`] : [];
  site.write.member(name, call(torch, [`${inputs}`, `${units}`, ...keywords(args)]), ...frozen);
  const numbers = (w: Floats): Floats => reorder(permute(w, [1, 0]), gates);
  const axis = (axis: number): number => 1 - axis;
  site.write.weight(`${name}.weight_ih_l0`, kernel, { numbers, axis });
  site.write.weight(`${name}.weight_hh_l0`, recurrent, { numbers, axis });
  if (!bias) return;
  if (single) {
    site.write.weight(`${name}.bias_ih_l0`, bias);
    site.write.constant(`${name}.bias_hh_l0`, stored(filled([gates.length * units])));
    return;
  }
  for (const [i, part] of ['ih', 'hh'].entries())
    site.write.weight(`${name}.bias_${part}_l0`, bias, { numbers: w => reorder(row(w, i), gates), axis: undefined });
}

function ourModule(site: Site, kind: Kind, layer: Layer, name: string, config: Settings): void {
  const isBehind = kind === 'GRU' && flagIn(config, 'resetAfter', false);
  const { gates } = cells[kind];
  const ours = isBehind ? 'KerasGRUResetAfter' : cells[kind].ours;
  const kernel = weightOf(site, 'kernel', layer);
  const recurrent = weightOf(site, 'recurrent_kernel', layer);
  const bias = weightNamed(layer, 'bias');
  const gate =
    kind === 'SimpleRNN' ? undefined : functionOf(site, textIn(config, 'recurrentActivation', 'hardSigmoid'));
  const dropped = numberIn(config, 'recurrentDropout');
  const args = {
    gate,
    bias: bias ? undefined : literal(false),
    recurrent_dropout: dropped ? literal(dropped) : undefined,
  };
  const sizes = [shapeOf(kernel)[0], shapeOf(recurrent)[0], gates.length].map(String);
  const activation = functionOf(site, textIn(config, 'activation', 'tanh'));
  site.write.member(name, call(site.write.helper(ours), [...sizes, activation, ...keywords(args)], '        '));
  site.write.weight(`${name}.kernel`, kernel);
  site.write.weight(`${name}.recurrent_kernel`, recurrent);
  if (bias && !isBehind) site.write.weight(`${name}.bias`, bias);
  if (!bias || !isBehind) return;
  for (const [i, part] of ['bias', 'recurrent_bias'].entries())
    site.write.weight(`${name}.${part}`, bias, { numbers: w => row(w, i), axis: undefined });
}

const recurrent: Translate = site => {
  const [input, ...initial] = site.inputs;
  if (!input) return refuse(site, 'it has no input.');
  const sequences = flagIn(site.config, 'returnSequences', false);
  const returned = flagIn(site.config, 'returnState', false);
  const wanted = returned ? 'both' : sequences ? 'outputs' : 'states';
  const states = initial.map(state => inLayout(state, 'last'));
  const whole = pass(site, site.layer, site.name, inLayout(input, 'last'), wanted, states);
  site.write.line(`${site.variable} = ${sequences ? whole.outputs : whole.states[0]}`);
  const all = [site.variable, ...(returned ? whole.states : [])];
  return site.shapes.map((shape, i): Traced => ({ expr: all[i] ?? site.variable, shape, layout: 'last' }));
};

/** How the outputs of both directions are merged. */
const merges: Readonly<Record<string, (forward: string, backward: string) => string>> = {
  ave: (forward, backward) => `(${forward} + ${backward}) / 2`,
  concat: (forward, backward) => `torch.cat([${forward}, ${backward}], dim=-1)`,
  mul: (forward, backward) => `${forward} * ${backward}`,
  sum: (forward, backward) => `${forward} + ${backward}`,
};

/** The two directions of a Bidirectional. A marked seam: read in tfjs-layers 4.22, which keeps them under these names. */
function directionsOf(site: Site): readonly Layer[] {
  const both = ['forwardLayer', 'backwardLayer'].map((field): unknown => Reflect.get(site.layer, field));
  return both.filter((layer): layer is Layer => typeof layer === 'object' && layer !== null && 'weights' in layer);
}

const bidirectional: Translate = site => {
  const [forward, backward] = directionsOf(site);
  const [input, ...initial] = site.inputs;
  if (!forward || !backward || !input) return refuse(site, 'it does not have two directions.');
  const { config } = plainOf(forward);
  const sequences = flagIn(config, 'returnSequences', false);
  const returned = flagIn(config, 'returnState', false);
  const wanted = returned ? 'both' : sequences ? 'outputs' : 'states';
  const states = initial.map(state => inLayout(state, 'last'));
  const half = states.length / 2;
  const [there, back] = [forward, backward].map((layer, i) => {
    const name = `${site.name}_${i === 0 ? 'forward' : 'backward'}`;
    return pass(site, layer, name, inLayout(input, 'last'), wanted, states.slice(i * half, (i + 1) * half));
  }) as [Pass, Pass];
  const ends = sequences
    ? ([there.outputs, `${back.outputs}.flip(1)`] as const)
    : ([there.states[0] ?? '', back.states[0] ?? ''] as const);
  const { mergeMode } = site.config;
  const merge = typeof mergeMode === 'string' ? merges[mergeMode] : undefined;
  const all = [...(merge ? [merge(...ends)] : ends), ...(returned ? [...there.states, ...back.states] : [])];
  return variables(site).map((variable, i): Traced => {
    site.write.line(`${variable} = ${all[i]}`);
    return { expr: variable, shape: site.shapes[i] ?? [], layout: 'last' };
  });
};

export const recurrentLayers: Readonly<Record<string, Translate>> = {
  Bidirectional: bidirectional,
  GRU: recurrent,
  LSTM: recurrent,
  SimpleRNN: recurrent,
};
