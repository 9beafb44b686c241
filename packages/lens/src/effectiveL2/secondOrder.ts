/**
 * The penalty of dropout to second order, without any J × J matrix:
 *
 *     R ≈ ½ Σ_sites (q/p) mean_i ⟨diag(JᵀHJ), h²⟩ = ½ Σ_sites (q/p) mean_i Σ_k (h ⊙ Jᵀ s_k)²,        H = S Sᵀ, s_k its columns
 *
 * One backward pass for each of the K outputs gives it exactly. With more than 64 outputs, or several positions, random signs r replace the columns:
 * E (Jᵀ S r)² = diag(JᵀHJ) (Hutchinson 1990), 16 passes, with their standard error.
 * Wei, Kakade & Ma, "The implicit and explicit regularization effects of dropout", ICML 2020; quadratic case: Wager, Wang & Liang 2013.
 */

import type { Layer } from '@keepprob/core/layers';
import { keepBits } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { NoiseSite } from '../model/noiseSites.ts';
import { lastSize, rowsOf } from '../model/shape.ts';
import { addScaled, zip } from '../statistics/vectors.ts';
import type { Loss } from './curvature.ts';
import { capture, denseReader, perturbed, type Slot } from './slots.ts';
import { outputsOf, skipping, unaffectedBy } from './unaffected.ts';

export const MOST_EXACT_OUTPUTS = 64;
export const PROBES = 16;

export interface SiteSum {
  /** ½ (q/p) Σ_k (h ⊙ Jᵀ s_k)², summed over the rows: one number for each element of the noise of a row. */
  readonly units: Float64Array;
  /** ½ (q/p) Σ h_j² δ_k² by weight of the dense matrix that follows, summed over the rows; row-major. */
  readonly weights: Float64Array | undefined;
  /** The sum of each pass, for the standard error if passes are random. */
  readonly passes: Float64Array;
}

/** The vector that multiplies S in pass k: a column of I, or random signs. */
function direction(output: tf.Tensor, k: number, exact: boolean, seed: number, first: number): tf.Tensor {
  const outputs = lastSize(output);
  if (exact)
    return tf.tensor(
      Float32Array.from({ length: output.size }, (_, i) => (i % outputs === k ? 1 : 0)),
      output.shape,
    );
  const bits = keepBits(output.shape, 0.5, { seed, step: k, site: 2 ** 16, draw: 0 }, [first, 0]);
  return tf.tensor(
    Float32Array.from(bits, bit => 2 * bit - 1),
    output.shape,
  );
}

/** One sum per site over all rows, `batch` rows at a time. */
export async function secondOrderSums(
  model: LayersModel,
  loss: Loss,
  { inputs, count }: { readonly inputs: readonly tf.Tensor[]; readonly count: number },
  sites: readonly NoiseSite[],
  { seed, batch }: { readonly seed: number; readonly batch: number },
): Promise<SiteSum[]> {
  let all: SiteSum[] | undefined;
  for (let first = 0; sites.length && first < count; first += batch) {
    const part = inputs.map(x => tf.slice(x, first, Math.min(batch, count - first)));
    const sums = await secondOrder(model, loss, part, sites, { seed, first }).finally(() => tf.dispose(part));
    all?.forEach((sum, s) => {
      addTo(sum, sums[s] as SiteSum);
    });
    all ??= sums;
  }
  return all ?? [];
}

function addTo(sum: SiteSum, part: SiteSum): void {
  addScaled(sum.units, part.units);
  addScaled(sum.passes, part.passes);
  if (sum.weights && part.weights) addScaled(sum.weights, part.weights);
}

/** One sum per site over these rows; `first` is the index of the first one in the data. */
async function secondOrder(
  model: LayersModel,
  loss: Loss,
  inputs: readonly tf.Tensor[],
  sites: readonly NoiseSite[],
  { seed, first }: { readonly seed: number; readonly first: number },
): Promise<SiteSum[]> {
  const slots: Slot[] = [];
  const known = new Map<Layer, tf.Tensor>();
  const unaffected = unaffectedBy(model, sites);
  let sums: SumTensors[] = [];
  try {
    sums = tf.tidy(() => {
      outputsOf(model, inputs, unaffected, known);
      const skip = skipping(unaffected, known);
      const output = capture(model, inputs, sites, slots, skip);
      const gradients = tf.grads(perturbed(model, inputs, sites, skip));
      const { squares, passes } = backward(loss, output, slots, gradients, { seed, first });
      return sites.map(site => summed(site, slots, squares, passes));
    });
    return await Promise.all(
      sums.map(async ({ units, passes, weights }) => ({
        units: Float64Array.from(await units.data()),
        passes: Float64Array.from(await passes.data()),
        weights: weights && Float64Array.from(await weights.data()),
      })),
    );
  } finally {
    tf.dispose([...slots.map(({ value }) => value), ...known.values()]);
    tf.dispose(sums);
  }
}

type SumTensors = {
  units: tf.Tensor;
  passes: tf.Tensor;
  weights: tf.Tensor | undefined;
};

/** Σ over the passes of (h ⊙ Jᵀ s)² at sites and δ² at pre-activations; and the sum of each pass at every slot. */
function backward(
  loss: Loss,
  output: tf.Tensor,
  slots: readonly Slot[],
  gradients: (xs: tf.Tensor[], dy: tf.Tensor) => tf.Tensor[],
  { seed, first }: { readonly seed: number; readonly first: number },
): { squares: tf.Tensor[]; passes: tf.Tensor[] } {
  const outputs = lastSize(output);
  const positions = output.size / (outputs * rowsOf(output));
  const exact = isExact(output.shape);
  // the loss is a mean over positions, and the random passes are averaged
  const scale = Math.sqrt(1 / positions / (exact ? 1 : PROBES));
  const zeros = slots.map(({ value }) => tf.zerosLike(value));
  let squares: tf.Tensor[] = [];
  const passes: tf.Tensor[] = [];
  for (let k = 0; k < (exact ? outputs : PROBES); k++) {
    const { sums, totals } = tf.tidy(() => {
      const root = loss.root(output, direction(output, k, exact, seed, first));
      const g = gradients(zeros, tf.mul(root, scale));
      const mine = zip(slots, g, ({ of, value }, dy) => (isSite(of) ? noiseSquares(of, value, dy) : tf.square(dy)));
      const sums = mine.map((square, i) => (squares[i] ? tf.add(squares[i], square) : square));
      return { sums, totals: tf.stack(mine.map(square => tf.sum(square))) };
    });
    tf.dispose(squares);
    squares = sums;
    passes.push(totals);
  }
  return { squares, passes };
}

/** A slot, and the sum of squares there. */
interface Met extends Slot {
  readonly square: tf.Tensor;
}

function summed(
  site: NoiseSite,
  slots: readonly Slot[],
  squares: readonly tf.Tensor[],
  passes: readonly tf.Tensor[],
): SumTensors {
  const strength = (0.5 * (1 - site.keepProb)) / site.keepProb;
  const of = (what: unknown): Met[] =>
    zip(slots, squares, (slot, square) => ({ ...slot, square })).filter(slot => slot.of === what);
  const uses = of(site);
  const units = tf.addN(uses.map(({ square }) => tf.reshape(tf.sum(square, 0), [-1])));
  const isUse = tf.tensor1d(slots.map(slot => (slot.of === site ? strength : 0)));
  return {
    units: tf.mul(units, strength),
    passes: tf.stack(passes.map(totals => tf.dot(totals, isUse))),
    weights: matrixOf(site, uses, of(denseReader(site)), strength),
  };
}

const isSite = (of: NoiseSite | Layer): of is NoiseSite => 'keepProb' in of && 'readers' in of;

/** Whether an output of this shape gets one pass per output. */
export const isExact = (shape: readonly number[]): boolean =>
  shape.length === 2 && lastSize({ shape }) <= MOST_EXACT_OUTPUTS;

/** (h ⊙ g)², after summing over the elements that share a draw. */
function noiseSquares(site: NoiseSite, h: tf.Tensor, g: tf.Tensor): tf.Tensor {
  const noise = site.noiseShape(h.shape);
  const shared = noise.flatMap((size, axis) => (axis > 0 && size === 1 && h.shape[axis] !== 1 ? [axis] : []));
  const product = tf.mul(h, g);
  return tf.square(shared.length ? tf.sum(product, shared, true) : product);
}

/** Σ_i h_ij² δ_ik², if the site is used once, by one matrix, with one draw per element. */
function matrixOf(
  site: NoiseSite,
  [use, ...otherUses]: readonly Met[],
  [met, ...othersMet]: readonly Met[],
  strength: number,
): tf.Tensor | undefined {
  if (!use || !met || otherUses.length || othersMet.length) return undefined;
  const { value } = use;
  if (!site.noiseShape(value.shape).every((n, axis) => n === value.shape[axis])) return undefined;
  const delta = tf.reshape(met.square, [-1, lastSize(met.square)]);
  const h = tf.reshape(value, [rowsOf(delta), -1]);
  return tf.reshape(tf.mul(tf.matMul(tf.square(h), delta, true), strength), [-1]);
}
