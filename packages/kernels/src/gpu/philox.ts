/**
 * Philox4x32-7 (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011, §4.3) for shaders.
 *
 * In the counter (block, step, site, draw), only the block differs within a draw. So two of the four products of the first two rounds
 * are the same for all elements, and are computed here, once. With M, W and the round keys k, k + W, … of the two halves:
 *
 *     round 1   u = high(M₁ site) ^ step ^ k₀      words (u, low(M₁ site), high(M₀ block) ^ draw ^ k₁, low(M₀ block))
 *     round 2   v = the third word                 words (high(M₁ v) ^ b, low(M₁ v), low(M₀ block) ^ c, d)
 *
 *     head = (a, b, c, d) = (draw ^ k₁,  low(M₁ site) ^ (k₀ + W₀),  high(M₀ u) ^ (k₁ + W₁),  low(M₀ u))
 */
import type { DropoutKernelAttrs } from '@keepprob/core/kernels';

const MULTIPLIER = [0xd2511f53, 0xcd9e8d57] as const;
const KEY_STEP = [0x9e3779b9, 0xbb67ae85] as const;

/** The rounds that remain for the shaders. */
export const ROUNDS = 5;

const literals = (words: readonly number[]): string => words.map(word => `${word}u`).join(', ');

/** Pairs of unsigned integers, in the notation of both GLSL and WGSL. */
export const M = literals(MULTIPLIER);
export const M_LOW = literals(MULTIPLIER.map(m => m & 0xffff));
export const M_HIGH = literals(MULTIPLIER.map(m => m >>> 16));
export const W = literals(KEY_STEP);

/** The values that are the same for all elements of a draw; every number is a uint32. */
export interface Stream {
  /** (a, b, c, d) above. */
  readonly head: readonly number[];
  /** Key of the third round. */
  readonly key: readonly number[];
  /** e = first + i  ⇒  e >>> 3 = block + ((lane + i) >>> 3), which holds past 2³² as well. */
  readonly block: number;
  readonly lane: number;
}

const high = (a: number, b: number): number => Number((BigInt(a) * BigInt(b)) >> 32n);
const low = (a: number, b: number): number => Math.imul(a, b) >>> 0;

export function streamOf(attrs: DropoutKernelAttrs): Stream {
  const [m0, m1] = MULTIPLIER;
  const [w0, w1] = KEY_STEP;
  const { seedLow, seedHigh, step, site, draw, first } = attrs;
  const u = (high(m1, site >>> 0) ^ step ^ seedLow) >>> 0;
  return {
    head: [draw ^ seedHigh, low(m1, site) ^ (seedLow + w0), high(m0, u) ^ (seedHigh + w1), low(m0, u)].map(
      n => n >>> 0,
    ),
    key: [(seedLow + 2 * w0) >>> 0, (seedHigh + 2 * w1) >>> 0],
    block: Math.floor(first / 8) >>> 0,
    lane: first % 8,
  };
}
