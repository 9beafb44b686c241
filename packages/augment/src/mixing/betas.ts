import type { RandomKey } from '@keepprob/core';
import { philox4x32 } from '@keepprob/core/random';

/** Four numbers between 0 and 1: one Philox block. */
function block({ seed, step, site, draw }: RandomKey, index: number): [number, number, number, number] {
  const words = philox4x32([index, step, site, draw], [seed >>> 0, Math.floor(seed / 2 ** 32)]);
  const unit = (word = 0): number => (word + 0.5) / 2 ** 32;
  return [unit(words[0]), unit(words[1]), unit(words[2]), unit(words[3])];
}

/** Rejections in a row have probability < 0.05 each: 64 of them do not happen. */
const ATTEMPTS = 64;

/**
 * ln of a Gamma(α, 1) number: Marsaglia & Tsang 2000 for α + 1, times U^(1/α) (their §6). In logarithms, since U^(1/α) underflows
 * for small α. One Philox block per attempt.
 */
function logGamma(alpha: number, key: RandomKey, first: number): number {
  const d = alpha + 2 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const [a, b, accept, boost] = block(key, first + attempt);
    const normal = Math.sqrt(-2 * Math.log(a)) * Math.cos(2 * Math.PI * b);
    const v = (1 + c * normal) ** 3;
    if (v > 0 && Math.log(accept) < normal ** 2 / 2 + d - d * v + d * Math.log(v)) {
      return Math.log(d * v) + Math.log(boost) / alpha;
    }
  }
  return Math.log(d);
}

/** `count` numbers from Beta(α, α), α > 0: G₁ / (G₁ + G₂) of two Gamma(α) numbers. */
export function betas(alpha: number, key: RandomKey, count: number, first = 0): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    const at = (first + i) * 2 * ATTEMPTS;
    return 1 / (1 + Math.exp(logGamma(alpha, key, at + ATTEMPTS) - logGamma(alpha, key, at)));
  });
}
