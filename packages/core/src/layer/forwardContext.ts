/** How a layer learns at which point of training it is called: from the run that calls it, or from its own clock. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ForwardMoment, Moment } from '../contract.ts';
import { shared } from '../copies.ts';
import { upstream } from '../model/layerPlugins.ts';
import type { Layer } from '../model/layerTree.ts';
import { PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { Draws, momentOf } from '../random/site.ts';
import { currentPass } from './pass.ts';

/** Options of `forwardContext`: the randomness of the layer that calls it. */
export interface Stochastic {
  /** The layer's own seed; by default the seed of the run. */
  readonly seed?: number | null;
  /** Names of the random streams that the layer declares, in addition to the default one; none by default. */
  readonly streams?: readonly string[];
}

/** The option `seed`, if the layer has one and it was given. */
export const seedOf = (options: { readonly seed?: number | null }): number | null => options.seed ?? null;

/** The clock of a layer outside any run: every training call is a step of it. It is never mixed with the clock of a run. */
interface Clock {
  step: number;
  readonly seed: number;
}
const clocks = /* @__PURE__ */ shared('clocks', () => new WeakMap<Layer, Clock>());

/**
 * A random seed: an integer ≥ 0 of 53 bits, from `Math.random`.
 * @example
 * await fit(model, { x, y }, { ...options, seed: randomSeed() });
 */
export const randomSeed = (): number => Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);

/**
 * Restarts the layer's own clock, so that calls outside a run repeat their masks.
 * @example
 * const layer = dropout({ keepProb: 0.5, seed: 7 });
 * const first = layer.apply(x, { training: true });
 * resetClock(layer);
 * const same = layer.apply(x, { training: true });
 * tf.all(tf.equal(first, same)); // 1
 */
export function resetClock(layer: Layer): void {
  const clock = clocks.get(layer);
  if (clock) clock.step = 0;
}

function clockOf(layer: Layer): Clock {
  const clock = clocks.get(layer) ?? { step: 0, seed: randomSeed() };
  clocks.set(layer, clock);
  return clock;
}

/** Layers that a run calls but that no walk over its model finds, such as those in private fields, by the sites of the run. */
const unplaced = /* @__PURE__ */ shared('unplaced', () => new WeakMap<object, Map<Layer, number>>());

/** A site that no other layer of the run has: the next free one, in the order in which such layers are first called. */
function siteOfUnplaced(layer: Layer, sites: ReadonlyMap<object, number>): number {
  const known = unplaced.get(sites) ?? new Map<Layer, number>();
  unplaced.set(sites, known);
  const site = known.get(layer) ?? sites.size + known.size;
  known.set(layer, site);
  return site;
}

const outsideRuns = (step: number): Moment => ({
  step,
  phase: 'train',
  rows: [0, 0],
  epoch: 0,
  learningRate: 0,
  key() {
    throw new PluginError(messages.keyOfDriver());
  },
});

/**
 * The point in training at which `layer` is being called. Undefined at inference, where a layer plugin is the identity, unless `sampling` asks for draws.
 * Call it once per `call`, with the keyword arguments passed by TF.js. `rows[1]` is 0 if the size of the whole batch is not known.
 * @example
 * class Shiver extends tf.layers.Layer {
 *   [layerPlugin] = thisCore;
 *   call(inputs, kwargs) {
 *     const x = Array.isArray(inputs) ? inputs[0] : inputs;
 *     const at = forwardContext(this, kwargs);
 *     return at ? tf.add(x, normalNoise(x.shape, at.key(), { scale: 0.1 })) : x;
 *   }
 * }
 */
export function forwardContext(
  layer: Layer,
  kwargs: { readonly training?: unknown } | undefined,
  { seed, streams = [] }: Stochastic = {},
): ForwardMoment | undefined {
  const pass = currentPass();
  if (kwargs?.training !== true && !pass?.sampling) return undefined;
  const owner = layer.name;
  if (pass) {
    const site = pass.sites.get(layer) ?? siteOfUnplaced(layer, pass.sites);
    const at = momentOf(pass.at, { owner, site, seed: seed ?? pass.seed, streams, draws: pass.draws });
    return forwardMoment(at, pass.update, penalty => {
      if (pass.sampling) return;
      if (penalty.rank !== 0)
        throw new PluginError(messages.scalarExpected('penalty', penalty.shape), { plugin: owner, hook: 'forward' });
      pass.collect(penalty);
    });
  }
  const clock = clockOf(layer);
  const at = momentOf(outsideRuns(clock.step++), {
    owner,
    site: upstream(layer),
    seed: seed ?? clock.seed,
    streams,
    draws: new Draws(),
  });
  return forwardMoment(at, {}, () => {
    throw new PluginError(messages.penaltyNoCollector(), { plugin: owner, hook: 'forward' });
  });
}

const forwardMoment = (at: Moment, update: object, addPenalty: (penalty: Tensor) => void): ForwardMoment =>
  Object.freeze(
    Object.defineProperties({} as ForwardMoment, {
      ...Object.getOwnPropertyDescriptors(at),
      update: { value: update },
      addPenalty: { value: addPenalty, enumerable: true },
    }),
  );
