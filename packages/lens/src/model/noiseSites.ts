/** The places of multiplicative noise in a model, existing or planned: the facts that the theory of dropout needs, and a pass through the model with noise. */

import { OptionError, option } from '@keepprob/core';
import { inputNames, layerNamed, messages } from '@keepprob/core/driver';
import type { Layer } from '@keepprob/core/layers';
import { counterDropout } from '@keepprob/core/random';
import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type DropoutLayer, dropoutsOf, keepProbAt } from './dropoutsOf.ts';
import { calledFor, isOutput, linearBehind, type Reader, readersOf, takesInput } from './graph.ts';
import { infer, type Tap, withTaps } from './tap.ts';

const valid = option.keepProb();

export interface NoiseSite {
  readonly name: string;
  readonly keepProb: number;
  /** The layer whose output is dropped; an input is dropped before the model sees it. */
  readonly layer: Layer;
  readonly kind: 'layer' | 'behind' | 'input';
  /** Whether it drops an input of the model rather than an activation. */
  readonly isInput: boolean;
  readonly noiseShape: (shape: readonly number[]) => number[];
  /** The matrices that multiply the dropped values next; undefined if another layer lies in between. */
  readonly readers: readonly Reader[] | undefined;
  /** Whether everything after it is affine, up to the loss's link. */
  readonly linear: boolean;
}

export interface NoiseSites {
  readonly sites: readonly NoiseSite[];
  readonly dropouts: readonly DropoutLayer[];
  /** Dropouts whose noise this theory does not cover, and why. */
  readonly left: readonly string[];
}

/** The dropouts that the model has. */
export function sitesOf(model: LayersModel, link: readonly string[], step: number, epoch: number): NoiseSites {
  const dropouts = dropoutsOf(model);
  const left: string[] = [];
  const sites = dropouts.flatMap((dropout): NoiseSite[] => {
    const { name, layer, mask, unlike, className } = dropout;
    const keepProb = keepProbAt(dropout, step, () => epoch);
    if (!mask || unlike !== undefined) {
      left.push(`"${name}" (${className}): ${unlike}`);
      return [];
    }
    if (mask.sharedByRows) {
      left.push(`"${name}" (${className}): one mask is shared by all rows of a batch`);
      return [];
    }
    if (keepProb === 1) return [];
    const behind = { readers: readersOf(model, layer), linear: linearBehind(model, layer, link) };
    return [
      { name, keepProb, layer, kind: 'layer', isInput: takesInput(model, layer), noiseShape: mask.shape, ...behind },
    ];
  });
  return { sites, dropouts, left };
}

type KeepProbs = Readonly<Record<string, number>>;

/**
 * The places where `keepProbs(model, table, { input })` of @keepprob/dropout would insert dropout. The model is not changed.
 * @throws OptionError for an unknown layer, an output, or a keepProb outside (0, 1]
 */
export function sitesFor(
  owner: string,
  model: LayersModel,
  table: KeepProbs,
  input: number | KeepProbs,
  link: readonly string[],
): NoiseSite[] {
  const known = inputNames(model);
  const inputs: KeepProbs = typeof input === 'object' ? input : Object.fromEntries(known.map(name => [name, input]));
  const unknown = Object.keys(inputs).find(name => !known.includes(name));
  if (unknown !== undefined)
    throw new OptionError(messages.layerUnknown(owner, unknown, known), { option: unknown, received: unknown });
  const layers = Object.entries(table).map(([name, keepProb]) => ({
    name,
    keepProb,
    layer: layerNamed(owner, model, name),
  }));
  for (const [name, keepProb] of [...Object.entries(table), ...Object.entries(inputs)]) {
    if (!valid.accepts(keepProb)) throw OptionError.of(owner, name, valid.expected, keepProb);
  }
  const places = [
    ...Object.entries(inputs).map(([name, keepProb]) => {
      const { sourceLayer } = model.inputs[known.indexOf(name)] as (typeof model.inputs)[number];
      return { name, keepProb, layer: sourceLayer, kind: 'input' as const };
    }),
    // in the order of the model
    ...model.layers
      .flatMap(layer => layers.filter(named => named.layer === layer))
      .map(named => ({ ...named, kind: 'behind' as const })),
  ];
  const asIs = (shape: readonly number[]): number[] => [...shape];
  return places
    .filter(({ keepProb }) => keepProb !== 1)
    .map(place => {
      const { name, layer, kind } = place;
      if (kind === 'behind' && isOutput(model, layer))
        throw new OptionError(messages.layerIsOutput(owner, name), { option: name, received: name });
      return {
        ...place,
        isInput: kind === 'input',
        noiseShape: asIs,
        readers: readersOf(model, layer),
        linear: linearBehind(model, layer, link),
      };
    });
}

/**
 * The model's output, with every site's activations passed through `at`, and the layers of `also` through their own taps; all other noise is off. `at` is
 * called in the order of the forward pass, once per use.
 */
export function passThrough(
  model: LayersModel,
  inputs: readonly tf.Tensor[],
  sites: readonly NoiseSite[],
  at: (site: NoiseSite, x: tf.Tensor) => tf.Tensor,
  also: ReadonlyMap<Layer, Tap> = new Map(),
): tf.Tensor {
  const taps = new Map<Layer, Tap>(also);
  for (const site of sites) {
    if (site.kind === 'layer') taps.set(site.layer, x => at(site, x));
    if (site.kind !== 'behind') continue;
    const called = calledFor(model, site.layer);
    const inner = also.get(called);
    taps.set(called, (x, call) => at(site, inner ? inner(x, call) : call(x)));
  }
  const given = inputs.map((x, i) => {
    const site = sites.find(s => s.kind === 'input' && s.layer === model.inputs[i]?.sourceLayer);
    return site ? at(site, x) : x;
  });
  return withTaps(taps, () => infer(model, given));
}

/** New masks for one pass: those of the rows from `first` on in a batch of `total` rows, different for every site and use. */
export function dropping(
  sites: readonly NoiseSite[],
  seed: number,
  rows: readonly [first: number, total: number],
): (site: NoiseSite, x: tf.Tensor) => tf.Tensor {
  const uses = new Map<NoiseSite, number>();
  return (site, x) => {
    const draw = uses.get(site) ?? 0;
    uses.set(site, draw + 1);
    const key = { seed, step: 0, site: sites.indexOf(site), draw };
    return counterDropout(x, { keepProb: site.keepProb, noiseShape: site.noiseShape(x.shape), key, rows });
  };
}
