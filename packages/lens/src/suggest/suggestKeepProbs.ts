/**
 * The lecture's advice on keep.prob by layer, as a rule: lower for larger weight matrices, since these can overfit; 1.0 for small ones; never after the
 * output. It is the lecture's rule, not a measured fact: see the README of this package.
 *
 *     s = parameters of a layer's matrix / those of the largest matrix        s ≥ ½: 0.5        s ≥ ¼: 0.7        else 1.0
 *
 * For 3-7-7-3-2-1 this is the lecture's own answer: s = 21/49, 1, 21/49, 6/49 → 0.7, 0.5, 0.7, 1.0.
 */

import { checkOptions, isKernel, option, type Weight, weightsOf } from '@keepprob/core';
import { checkModel, isModel } from '@keepprob/core/driver';
import type { Layer } from '@keepprob/core/layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { draw } from '../finding/picture.ts';
import { isOutput, lastOfBlock } from '../model/graph.ts';
import { presentDropouts } from './presentDropout.ts';
import { suggestionsFigure, suggestionsText } from './suggestKeepProbsWords.ts';
import type { SuggestedKeepProbs, Suggestion } from './types.ts';

/** Options of `suggestKeepProbs`. */
export interface SuggestKeepProbsOptions {
  /** keepProb of the input; 1 by default. The lecture recommends 1.0, or about 0.9. */
  readonly input?: number;
}

const HALF = 0.5;
const QUARTER = 0.25;
/** The maximum share of masks that may drop all units of a layer. */
const ALL_DROPPED = 0.05;
/** The keepProbs of the rule. */
type KeepProb = 0.5 | 0.7 | 1;
const gentler: Readonly<Record<KeepProb, KeepProb | null>> = { 0.5: 0.7, 0.7: 1, 1: null };
/** Convolutions share each weight over all positions, so the data determine it better. */
const convolution: Readonly<Record<KeepProb, number>> = { 0.5: 0.8, 0.7: 0.9, 1: 1 };
const recurrent: Readonly<Record<KeepProb, number>> = { 0.5: 0.7, 0.7: 0.8, 1: 1 };
const EMBEDDING = 0.8;

const byShare = (share: number): KeepProb => (share >= HALF ? 0.5 : share >= QUARTER ? 0.7 : 1);

/** The gentlest of 0.5, 0.7, 1 at which fewer than 1 in 20 masks would drop all units. */
export function enoughUnits(keepProb: KeepProb, units: number): KeepProb {
  const next = gentler[keepProb];
  return next !== null && (1 - keepProb) ** units > ALL_DROPPED ? enoughUnits(next, units) : keepProb;
}

/**
 * Suggests keepProbs from the sizes of the weight matrices, with an explanation of each. They are a starting point for a search, not the result of one.
 *
 * The layer with the largest matrix gets the lowest keepProb, but a higher one if it has so few units that masks would drop them all. Convolutions get
 * spatial dropout, weaker (0.8, 0.9). Recurrent layers get dropout of the recurrent state, inside the layer (0.7, 0.8; Gal & Ghahramani 2016).
 * Embeddings get spatialDropout1D at 0.8, which drops whole features of the vectors; a lookup table does not count as a matrix. `keepProbs` of the
 * result holds only plain dropout.
 *
 * The model's existing dropout is taken into account: `keepProbs` and `set` are changes to the model as it is, so no dropout is put on top of another.
 * @example
 * const suggested = suggestKeepProbs(model);
 * const regularized = keepProbs(model, suggested.keepProbs, { input: suggested.input });
 * setKeepProb(model, suggested.set);
 * @throws OptionError if `model` is not a built LayersModel, or for an input outside (0, 1]
 */
export function suggestKeepProbs(model: LayersModel, options: SuggestKeepProbsOptions = {}): SuggestedKeepProbs {
  const { input } = checkOptions<SuggestKeepProbsOptions>('suggestKeepProbs', specs, options);
  checkModel(model, 'suggestKeepProbs');
  const weights = weightsOf(model);
  const sized = model.layers.flatMap(layer => {
    const mine = weights.filter(({ variable }) => layer.weights.some(own => own.read() === variable));
    const learns = mine.some(({ role, trainable }) => role !== 'bias' && role !== 'gain' && trainable);
    return learns ? [{ layer, mine, size: isModel(layer) ? 0 : sizeOf(mine) }] : [];
  });
  const largest = Math.max(1, ...sized.map(({ size }) => size));
  const layers = sized.map(({ layer, mine, size }): Suggestion => {
    const behind = lastOfBlock(model, layer);
    const about = { layer: layer.name, behind: behind.name, size, share: size / largest };
    const advice = suggest(model, layer, behind, mine, size / largest);
    const present = advice.technique ? presentDropouts(model, { ...about, ...advice }) : [];
    const now = present.map(({ name, keepProb }) => ({ name, keepProb: keepProb ?? null }));
    return { ...about, ...advice, now };
  });
  const warnings = warningsOf(weights);
  const found = {
    keepProbs: Object.fromEntries(
      layers
        .filter(({ technique, behind, now }) => technique === 'dropout' && !now.length && !endsAt(model, behind))
        .map(s => [s.behind, s.keepProb]),
    ),
    set: Object.fromEntries(
      layers.flatMap(({ now, keepProb }) =>
        now.filter(present => Math.abs((present.keepProb ?? 0) - keepProb) > SAME).map(({ name }) => [name, keepProb]),
      ),
    ),
    input,
    layers,
    warnings,
  };
  return { ...found, text: suggestionsText(found), picture: () => draw(suggestionsFigure(found)) };
}

const specs = { input: option.keepProb({ fallback: 1 }) };

/** Number of parameters of the matrices that multiply; lookup tables, biases and gains do not count. */
const sizeOf = (weights: readonly Weight[]): number =>
  weights.filter(isKernel).reduce((sum, { variable }) => sum + variable.size, 0);

const endsAt = (model: LayersModel, name: string): boolean => isOutput(model, model.getLayer(name));

/** KeepProbs that differ by less are the same: a rate of 0.3 is a keepProb of 0.7. */
const SAME = 1e-6;

type Advice = Pick<Suggestion, 'technique' | 'keepProb' | 'reason'>;

function suggest(model: LayersModel, layer: Layer, behind: Layer, weights: readonly Weight[], share: number): Advice {
  const keepProb = byShare(share);
  const percent = `${Math.round(100 * share)} % of the largest matrix`;
  const has = (role: Weight['role']): boolean => weights.some(w => w.role === role);
  if (isOutput(model, behind))
    return { technique: null, keepProb: 1, reason: 'the output: dropout never goes after it' };
  if (isModel(layer)) {
    return { technique: null, keepProb: 1, reason: 'a model within the model: examine it on its own' };
  }
  if (has('recurrent')) {
    const reason = `${percent}; recurrent: drop its state inside the layer (recurrentDropout), not its output`;
    return { technique: 'recurrentDropout', keepProb: recurrent[keepProb], reason };
  }
  if (has('embedding')) {
    const reason =
      'an embedding: drop whole features of all vectors of a row; its size counts words, not what one row uses';
    return { technique: 'spatialDropout1D', keepProb: EMBEDDING, reason };
  }
  if (!weights.some(isKernel))
    return { technique: null, keepProb: 1, reason: 'its weights are not a known kind of matrix' };
  const rank = (behind.outputShape as number[]).length;
  if (has('depthwise') || (weights.find(isKernel)?.variable.rank ?? 2) > 2) return spatial(keepProb, percent, rank);
  const units = (behind.outputShape as (number | null)[]).at(-1) ?? Number.POSITIVE_INFINITY;
  const gentle = enoughUnits(keepProb, units);
  const why =
    share >= HALF
      ? 'one of the largest: most to overfit with'
      : share >= QUARTER
        ? 'middling'
        : 'small: little to overfit with';
  const few = `; gentler than ${keepProb}, as ${Math.round(100 * (1 - keepProb) ** units)} % of masks would drop all ${units} units`;
  return { technique: 'dropout', keepProb: gentle, reason: `${percent}, ${why}${gentle === keepProb ? '' : few}` };
}

function spatial(keepProb: KeepProb, percent: string, rank: number): Advice {
  const weaker = convolution[keepProb];
  const reason = `${percent}; a convolution: neighbors are correlated, so drop whole channels, and fewer, as its weights are shared`;
  // pooled to one number per channel, plain dropout is spatial dropout
  if (rank < 3) return { technique: 'dropout', keepProb: weaker, reason };
  return { technique: `spatialDropout${(rank - 2) as 1 | 2 | 3}D`, keepProb: weaker, reason };
}

const warningsOf = (weights: readonly Weight[]): string[] =>
  weights.some(isKernel) ? [] : ['The model has no weight matrix: there is nothing to suggest.'];
