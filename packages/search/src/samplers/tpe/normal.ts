/** The truncated normal distribution, with logarithms that are accurate far out in the tails. φ is the normal density, Φ its distribution function. */

/** ½ ln 2π */
const HALF_LN_2PI = 0.9189385332046727;
/** Where the continued fraction replaces the series for Φ: both are accurate to about 10⁻¹⁴ there. */
const TAIL = -2.5;
/** Below this, only the logarithm of Φ is used, before Φ underflows. */
const FAR = -35;

/** ln φ(x). */
export const logDensity = (x: number): number => -0.5 * x * x - HALF_LN_2PI;

/** Φ(x), with a relative error of about 10⁻¹³. */
export function cdf(x: number): number {
  if (x > 0) return 1 - cdf(-x);
  return x < TAIL ? Math.exp(logDensity(x)) * mills(-x) : 0.5 + Math.exp(logDensity(x)) * series(x);
}

/** ln Φ(x). */
export const logCdf = (x: number): number => (x < TAIL ? logDensity(x) + Math.log(mills(-x)) : Math.log(cdf(x)));

/** (Φ(x) − ½) / φ(x) = x + x³/3 + x⁵/(3·5) + … */
function series(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return sum;
}

/** Mills' ratio (1 − Φ(t)) / φ(t) = 1/(t + 1/(t + 2/(t + 3/(t + …)))), for t from 2.5 on. */
function mills(t: number): number {
  let denominator = t;
  for (let k = Math.ceil(10 + 250 / (t * t)); k > 0; k--) denominator = t + k / denominator;
  return 1 / denominator;
}

/** ln(Φ(b) − Φ(a)) for a < b. */
export function logMass(a: number, b: number): number {
  const middle = (a + b) / 2;
  const width = b - a;
  if (width <= 1 && width * Math.abs(middle) <= 4)
    return logDensity(middle) + Math.log(width * narrow(middle, width / 2));
  // differences are accurate in the left tail; the right tail is its mirror image
  if (middle > 0) return logMass(-b, -a);
  if (b > FAR) return Math.log(cdf(b) - cdf(a));
  const upper = logCdf(b);
  return upper + Math.log1p(-Math.exp(logCdf(a) - upper));
}

/** 1/(2k + 1)! */
const factorials = Array.from({ length: 14 }, (_, k) =>
  Array.from({ length: 2 * k + 1 }, (_, i) => 1 / (i + 1)).reduce((product, x) => product * x, 1),
);

/** (Φ(z + h) − Φ(z − h)) / (2 h φ(z)) = Σ_k He_2k(z) h^2k / (2k + 1)!, Taylor's series with Hermite's polynomials He_(n+1) = z He_n − n He_(n−1). */
function narrow(z: number, h: number): number {
  const terms = h * Math.max(1, Math.abs(z)) < 0.1 ? 5 : factorials.length;
  let even = 1;
  let odd = z;
  let sum = 0;
  let power = 1;
  for (let k = 0; k < terms; k++) {
    sum += even * power * (factorials[k] ?? 0);
    power *= h * h;
    even = z * odd - (2 * k + 1) * even;
    odd = z * even - (2 * k + 2) * odd;
  }
  return sum;
}

/** The q-quantile of the standard normal truncated to [a, b], for a ≤ 0 ≤ b. */
export function quantileBetween(q: number, a: number, b: number): number {
  const below = cdf(a);
  const beyond = cdf(-b);
  const mass = 1 - below - beyond;
  const p = below + q * mass;
  const x = p <= 0.5 ? quantile(p) : -quantile(beyond + (1 - q) * mass);
  return Math.min(b, Math.max(a, x));
}

/** Φ⁻¹(p) for p ≤ ½, by Newton's method on ln Φ: it is concave, so the steps approach the root from below and cannot pass it. */
function quantile(p: number): number {
  const target = Math.log(p);
  let x = 0;
  for (let i = 0; i < 100; i++) {
    const at = logCdf(x);
    const step = (at - target) * Math.exp(at - logDensity(x));
    x -= step;
    if (Math.abs(step) <= 1e-14 * (1 + Math.abs(x))) break;
  }
  return x;
}
