/** Computations on weights [.., units] with a number for each unit: norms, clipping, weight norm, spectral norm, averages. */
import type { GroupNormKernelAttrs } from '@keepprob/core/kernels';
import type { NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { Bound } from '../backend/module.ts';
import { agree } from './convolution/geometry.ts';
import { isFloat, type Kernel, numbersOf, sizeOf } from './kernel.ts';

/** Σ a b for each unit, written to `to`. */
function dotsAt(bound: Bound, a: number, b: number, size: number, units: number, to: number): Float32Array {
  bound.run.dotColumns(a, b, size / units, units, to);
  return new Float32Array(bound.memory.buffer, to >>> 0, units);
}

/** Σ a b for each unit, in the shape `of`. */
export const dots: Kernel<{ readonly of: readonly number[] }> = (bound, { a, b }, { of }) => {
  if (!a || !b || !isFloat(a, b) || !agree(a.shape, b.shape)) return undefined;
  const out = bound.output(of);
  if (sizeOf(of) > 0) dotsAt(bound, bound.at(a), bound.at(b), sizeOf(a.shape), sizeOf(of), bound.at(out));
  return out;
};

/** y = x · factor, with one factor for each unit. */
function byUnit(bound: Bound, x: number, factors: number, size: number, units: number, y: number): void {
  bound.run.arithmetic(2, 1, size / units, units, x, 0, 4 * units, 4, factors, 0, 0, units > 1 ? 4 : 0, y);
}

const areWeights = (...tensors: readonly TensorInfo[]): boolean =>
  tensors.every(t => isFloat(t) && sizeOf(t.shape) > 0);

/** The gradient with each unit clipped to a norm of λ max(‖w‖, ε). */
export const clipUnits: Kernel<{ readonly lambda: number; readonly epsilon: number; readonly units: number }> = (
  bound,
  { g, w },
  { lambda, epsilon, units },
) => {
  if (!g || !w || !areWeights(g, w) || !agree(g.shape, w.shape)) return undefined;
  const size = sizeOf(w.shape);
  const out = bound.output(w.shape);
  const [from, weights, to] = [bound.at(g), bound.at(w), bound.at(out)];
  bound.withBytes(8 * units, at => {
    const ofWeights = dotsAt(bound, weights, weights, size, units, at);
    const ofGradients = dotsAt(bound, from, from, size, units, at + 4 * units);
    for (let j = 0; j < units; j++) {
      const most = lambda * Math.max(Math.sqrt(ofWeights[j] as number), epsilon);
      // exactly 1 for norms within the limit; NaN stays NaN
      ofWeights[j] = most / Math.max(Math.sqrt(ofGradients[j] as number), most);
    }
    byUnit(bound, from, at, size, units, to);
  });
  return out;
};

/** The weights w0, w1, …; undefined if one of them is unsuitable. */
function weightsIn(inputs: NamedTensorInfoMap, { units }: GroupNormKernelAttrs): readonly TensorInfo[] | undefined {
  const weights = units.map((_, i) => inputs[`w${i}`]);
  return weights.every((w): w is TensorInfo => w !== undefined && areWeights(w)) ? weights : undefined;
}

/** Σ factor ‖unit‖ over all weights, and the norm of each unit. */
export const groupNorm: Kernel<GroupNormKernelAttrs> = (bound, inputs, attrs) => {
  const weights = weightsIn(inputs, attrs);
  if (!weights) return undefined;
  const out = bound.output([]);
  const norms = attrs.units.map(units => bound.output([units]));
  let total = 0;
  for (const [i, w] of weights.entries()) {
    const [units, factor] = [attrs.units[i] as number, attrs.factors[i] as number];
    const from = bound.at(w);
    const of = dotsAt(bound, from, from, sizeOf(w.shape), units, bound.at(norms[i] as TensorInfo));
    for (let j = 0; j < units; j++) {
      of[j] = Math.sqrt(of[j] as number);
      total += factor * (of[j] as number);
    }
  }
  numbersOf(bound, out)[0] = total;
  return [out, ...norms];
};

/** dy factor w / ‖unit‖ for each w. */
export const groupNormGrad: Kernel<GroupNormKernelAttrs> = (bound, inputs, attrs) => {
  const weights = weightsIn(inputs, attrs);
  const norms = attrs.units.map((_, i) => inputs[`norms${i}`]);
  if (!weights || !inputs.dy || !isFloat(inputs.dy, ...norms)) return undefined;
  const [by = 0] = numbersOf(bound, inputs.dy);
  return weights.map((w, i) => {
    const [units, factor] = [attrs.units[i] as number, attrs.factors[i] as number];
    const dw = bound.output(w.shape);
    bound.withBytes(4 * units, at => {
      const [scales, of] = [new Float32Array(bound.memory.buffer, at, units), numbersOf(bound, norms[i] as TensorInfo)];
      for (let j = 0; j < units; j++) scales[j] = (by * factor) / orOne(of[j] as number);
      byUnit(bound, bound.at(w), at, sizeOf(w.shape), units, bound.at(dw));
    });
    return dw;
  });
};

/** v, g → g v / ‖v‖, and the norms, with 1 in place of 0. */
export const weightNorm: Kernel = (bound, { v, g }) => {
  if (!v || !g || !areWeights(v, g)) return undefined;
  const [size, units] = [sizeOf(v.shape), sizeOf(g.shape)];
  const [w, norm] = [bound.output(v.shape), bound.output(g.shape)];
  const [directions, to] = [bound.at(v), bound.at(w)];
  const norms = dotsAt(bound, directions, directions, size, units, bound.at(norm));
  const lengths = numbersOf(bound, g);
  bound.withBytes(4 * units, at => {
    const factors = new Float32Array(bound.memory.buffer, at, units);
    for (let j = 0; j < units; j++) {
      norms[j] = Math.sqrt(norms[j] as number) || orOne(norms[j] as number);
      factors[j] = (lengths[j] as number) / (norms[j] as number);
    }
    byUnit(bound, directions, at, size, units, to);
  });
  return [w, norm];
};

/** 1 instead of 0; NaN stays NaN. */
const orOne = (x: number): number => (x === 0 ? 1 : x);

/** ∂g = ⟨∂w, v⟩ / ‖v‖ and ∂v = (g / ‖v‖) (∂w − ∂g v / ‖v‖). */
export const weightNormGrad: Kernel = (bound, { dw, v, g, norm }) => {
  if (!dw || !v || !g || !norm || !areWeights(dw, v, g, norm) || !agree(dw.shape, v.shape)) return undefined;
  const [size, units] = [sizeOf(v.shape), sizeOf(g.shape)];
  const [dv, dg] = [bound.output(v.shape), bound.output(g.shape)];
  const [from, directions, to, at] = [bound.at(dw), bound.at(v), bound.at(dv), bound.at(dg)];
  bound.withBytes(8 * units, spare => {
    const dots = dotsAt(bound, from, directions, size, units, at);
    const [lengths, norms] = [numbersOf(bound, g), numbersOf(bound, norm)];
    const [scales, along] = [spare, spare + 4 * units].map(a => new Float32Array(bound.memory.buffer, a, units));
    for (let j = 0; j < units; j++) {
      const [n, scale] = [norms[j] as number, (lengths[j] as number) / (norms[j] as number)];
      dots[j] = (dots[j] as number) / n;
      scales![j] = scale;
      along![j] = (scale * (dots[j] as number)) / n;
    }
    bound.run.awayFrom(from, spare, directions, spare + 4 * units, size / units, units, to);
  });
  return [dv, dg];
};

/** Divides n floats by their length, unless it is 0. @returns the length */
function normalize(bound: Bound, at: number, n: number, spare: number): number {
  const [squares = 0] = dotsAt(bound, at, at, n, 1, spare);
  const length = Math.fround(Math.sqrt(squares));
  if (length === 0) return length;
  new Float32Array(bound.memory.buffer, spare >>> 0, 1)[0] = length;
  bound.run.arithmetic(3, 1, 1, n, at, 0, 0, 4, spare, 0, 0, 0, at);
  return length;
}

/** u after `iterations` steps v ← W u / ‖W u‖, u ← Wᵀ v / ‖Wᵀ v‖; u is unchanged if the norm is 0. */
export const powerIteration: Kernel<{ readonly iterations: number }> = (bound, { w, u }, { iterations }) => {
  if (!w || !u || !areWeights(w, u)) return undefined;
  const units = sizeOf(u.shape);
  const rows = sizeOf(w.shape) / units;
  const out = bound.output(u.shape);
  const [from, matrix, to] = [bound.at(u), bound.at(w), bound.at(out)];
  const { run } = bound;
  bound.withBytes(4 * (rows + units + 1), v => {
    const [next, spare] = [v + 4 * rows, v + 4 * (rows + units)];
    const bytes = (): Uint8Array => new Uint8Array(bound.memory.buffer);
    bytes().copyWithin(to >>> 0, from >>> 0, (from >>> 0) + 4 * units);
    for (let i = 0; i < iterations; i++) {
      run.dotRows(rows, units, matrix, 4 * units, to, v);
      normalize(bound, v, rows, spare);
      run.fill(next, units, 0);
      run.fewRows(1, units, rows, v, 0, 4, matrix, 4 * units, next, 0);
      if (normalize(bound, next, units, spare) !== 0) bytes().copyWithin(to >>> 0, next, next + 4 * units);
    }
  });
  return out;
};

/** w, u → W / σ, W u as a column, and σ = ‖W u‖, with 1 in place of 0. */
export const spectralNorm: Kernel = (bound, { w, u }) => {
  if (!w || !u || !areWeights(w, u)) return undefined;
  const [size, units] = [sizeOf(w.shape), sizeOf(u.shape)];
  const rows = size / units;
  const [y, stretched, sigma] = [bound.output(w.shape), bound.output([rows, 1]), bound.output([])];
  const [from, at, of] = [bound.at(w), bound.at(stretched), bound.at(sigma)];
  bound.run.dotRows(rows, units, from, 4 * units, bound.at(u), at);
  const value = dotsAt(bound, at, at, rows, 1, of);
  const s = orOne(Math.fround(Math.sqrt(value[0] as number)));
  // σ is the root of a float, so 1 / σ is finite; a product takes a fraction of the time of a quotient
  value[0] = 1 / s;
  bound.run.arithmetic(2, 1, 1, size, from, 0, 0, 4, of, 0, 0, 0, bound.at(y));
  value[0] = s;
  return [y, stretched, sigma];
};

/** (∂w̄ − ⟨∂w̄, w̄⟩ v uᵀ) / σ with v = W u / σ. */
export const spectralNormGrad: Kernel = (bound, { dy, w, u, stretched, sigma }) => {
  if (!dy || !w || !u || !stretched || !sigma || !areWeights(dy, w, u, stretched, sigma)) return undefined;
  const [s = 1] = numbersOf(bound, sigma);
  const [size, units] = [sizeOf(w.shape), sizeOf(u.shape)];
  const rows = size / units;
  const dw = bound.output(w.shape);
  const [from, at, to] = [bound.at(dy), bound.at(stretched), bound.at(dw)];
  bound.withBytes(4 * (rows + 1), v => {
    const [dot = 0] = dotsAt(bound, from, bound.at(w), size, 1, v + 4 * rows);
    new Float32Array(bound.memory.buffer, v + 4 * rows, 1)[0] = dot / s / s / s;
    bound.run.arithmetic(2, 1, 1, rows, at, 0, 0, 4, v + 4 * rows, 0, 0, 0, v);
    bound.run.withoutProduct(from, 1 / s, v, bound.at(u), rows, units, to);
  });
  return dw;
};

/** a · share + b · (1 − share) */
export const blend: Kernel<{ readonly share: number }> = (bound, { a, b }, { share }) => {
  if (!a || !b || !isFloat(a, b) || !agree(a.shape, b.shape)) return undefined;
  const out = bound.output(a.shape);
  bound.run.blend(bound.at(a), bound.at(b), bound.at(out), sizeOf(a.shape), share, 1 - share);
  return out;
};
