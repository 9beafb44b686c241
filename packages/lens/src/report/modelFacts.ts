/**
 * Facts about a model and its regularizers. A marked seam: read in tfjs-layers 4.22, where `getConfig` gives `…Regularizer` and
 * `…Constraint` as { className, config }.
 */
import { flatten, type Json, type Plugins } from '@keepprob/core';
import { hasKeepProb, type Layer, layerTree, type Noise, noiseOf, type Place } from '@keepprob/core/layers';
import { type LayersModel, layers as tfl } from '@tensorflow/tfjs-layers';
import { short } from '../finding/terminal.ts';
import { type DropoutLayer, dropoutsOf, warningsAbout } from '../model/dropoutsOf.ts';

/** The facts about a layer in the report. */
export interface LayerFacts {
  /** Its name. */
  readonly name: string;
  /** Its class, such as `Dense`. */
  readonly className: string;
  /** Shape of the output, with null for sizes that depend on the data. */
  readonly output: readonly (number | null)[];
  /** Number of its parameters. */
  readonly parameters: number;
  /** Whether it has trainable parameters. */
  readonly trained: boolean;
  /** Its regularizers, in words. */
  readonly regularizers: readonly string[];
}

/** The facts about the model in the report. */
export interface ModelFacts {
  /** Its name. */
  readonly name: string;
  /** Number of its parameters, and of those that are trained. */
  readonly parameters: { readonly total: number; readonly trained: number };
  /** Its layers, from first to last. */
  readonly layers: readonly LayerFacts[];
  /** Training plugins, as passed. */
  readonly plugins: readonly { readonly name: string; readonly config: Json }[];
  /** Settings that have no effect. */
  readonly warnings: readonly string[];
}

type Config = Readonly<Record<string, unknown>>;
interface Serialized {
  readonly className: string;
  readonly config: Config;
}

/** A penalty or constraint on a weight of a layer. */
interface OnWeights {
  readonly name: string;
  readonly what: string;
  readonly kind: 'penalty' | 'constraint';
  readonly inCell: boolean;
}

const numbers = (config: Config): string =>
  Object.entries(config)
    .flatMap(([key, value]) =>
      typeof value === 'number' && value !== 0 && key !== 'axis' ? [`${key} ${short(value)}`] : [],
    )
    .join(', ');

function onWeights(layer: Layer, name: string): OnWeights[] {
  // a layer around a cell repeats the config of the cell
  if ('cell' in layer && layer.cell) return [];
  const inCell = layer instanceof tfl.RNNCell;
  return Object.entries(layer.getConfig() as Config).flatMap(([key, value]): OnWeights[] => {
    const [, weight, role] = /^(.+)(Regularizer|Constraint)$/.exec(key) ?? [];
    const { className, config } = (value ?? {}) as Partial<Serialized>;
    if (!weight || !className || weight === 'activity') return [];
    const strength = numbers(config ?? {});
    if (role === 'Regularizer') {
      const what = className === 'L1L2' ? strength : `${className} ${strength}`.trim();
      return what ? [{ name, kind: 'penalty', inCell, what: `${what} on its ${weight}` }] : [];
    }
    return [{ name, kind: 'constraint', inCell, what: `${className} ${strength} on its ${weight}`.replace('  ', ' ') }];
  });
}

const scheduled = (value: Noise['value'], number: string): string =>
  typeof value === 'number' ? number : `as scheduled (${value.schedule})`;

/** A dropout in words: which one, if the layer has several, and the name of its schedule. */
function dropoutInWords({ option, noise, keepProb = 1, frozen }: DropoutLayer): string {
  const which = option ? `, ${option}` : '';
  const strength = scheduled(noise.value, String(Number(keepProb.toFixed(4))));
  return `keepProb ${strength}${which}${frozen ? ', one frozen mask' : ''}`;
}

const noiseInWords = ({ value, effect }: Noise): string =>
  `${effect === 'multiplies' ? 'multiplied by noise' : 'noise'} of deviation ${scheduled(value, short(Number(value)))}`;

const normalizing = /^(Batch|Layer)Normalization$|^Keepprob(Weight|Spectral)Norm$/;

function inWords(
  layer: Layer,
  dropouts: readonly DropoutLayer[],
  others: readonly Noise[],
  given: readonly OnWeights[],
): string[] {
  return [
    ...dropouts.map(dropoutInWords),
    ...others.map(noiseInWords),
    ...(normalizing.test(layer.getClassName()) ? ['normalizes'] : []),
    ...given.map(({ what }) => what),
  ];
}

function warnings(dropouts: readonly DropoutLayer[], given: readonly OnWeights[]): string[] {
  const named = (all: readonly OnWeights[]): string => [...new Set(all.map(({ name }) => `"${name}"`))].join(', ');
  const bounds = given.filter(({ kind }) => kind === 'constraint');
  const lost = given.filter(({ kind, inCell }) => kind === 'penalty' && inCell);
  return [
    ...warningsAbout(dropouts),
    ...(bounds.length
      ? [`Constraints of ${named(bounds)} do nothing in stock fit: train with layerConstraints(model) of @keepprob/l2.`]
      : []),
    ...(lost.length
      ? [
          `L1 and L2 of ${named(lost)} do nothing in stock fit: TF.js does not count those of recurrent cells. fit of @keepprob/trainer does.`,
        ]
      : []),
  ];
}

export function modelFacts(model: LayersModel, plugins: readonly Plugins[]): ModelFacts {
  const dropouts = dropoutsOf(model);
  const places = layerTree(model);
  const given = places.map(({ layer, name }) => onWeights(layer, name));
  const layers = model.layers.map((layer, position): LayerFacts => {
    // paths start with the position: everything in this layer, at any depth
    const within = [...places.keys()].filter(i => Number.parseInt((places[i] as Place).path, 10) === position);
    const inside = new Set(within.map(i => (places[i] as Place).layer));
    return {
      name: layer.name,
      className: layer.getClassName(),
      output: (layer.inboundNodes[0]?.outputShapes[0] ?? []) as (number | null)[],
      parameters: layer.countParams(),
      trained: layer.trainableWeights.length > 0,
      regularizers: inWords(
        layer,
        dropouts.filter(d => inside.has(d.layer)),
        [...inside].flatMap(noiseOf).filter(noise => !hasKeepProb(noise)),
        within.flatMap(i => given[i] as OnWeights[]),
      ),
    };
  });
  const count = (weights: LayersModel['weights']): number => weights.reduce((sum, w) => sum + w.read().size, 0);
  return {
    name: model.name,
    parameters: { total: count(model.weights), trained: count(model.trainableWeights) },
    layers,
    plugins: flatten(plugins).map(({ name, config }) => ({ name, config })),
    warnings: warnings(dropouts, given.flat()),
  };
}
