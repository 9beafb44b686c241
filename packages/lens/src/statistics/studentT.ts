/** Student's t, for the uncertainty of a mean of few values. */

/**
 * P(T ≤ t) for `degrees` > 0, not necessarily an integer: ½ + sign(t) ½ (1 − I_x(ν/2, ½)) with x = ν / (ν + t²).
 * @example
 * tDistribution(2.262, 9); // 0.975
 */
export function tDistribution(t: number, degrees: number): number {
  const sum = degrees + t * t;
  const tail = incompleteBeta(degrees / sum, (t * t) / sum, degrees / 2, 0.5) / 2;
  return t > 0 ? 1 - tail : tail;
}

/**
 * t with P(T ≤ t) = p, for p in (½, 1), by bisection. NaN without degrees of freedom.
 * @example
 * tQuantile(0.975, 9); // 2.262
 */
export function tQuantile(p: number, degrees: number): number {
  if (!(degrees > 0)) return Number.NaN;
  let [low, high] = [0, 1];
  while (tDistribution(high, degrees) < p && high < 1e9) [low, high] = [high, 2 * high];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (tDistribution(middle, degrees) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** I_x(a, b), y = 1 − x, by the continued fraction of Abramowitz & Stegun 26.5.8, evaluated after Lentz. */
function incompleteBeta(x: number, y: number, a: number, b: number): number {
  if (x <= 0 || y <= 0) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(y, x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(y)) / a;
  let [c, d] = [1, 1 / (1 - ((a + b) * x) / (a + 1))];
  let fraction = d;
  for (let m = 1; m < 300; m++) {
    for (const term of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / (1 + term * d);
      c = 1 + term / c;
      fraction *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-14) break;
  }
  return front * fraction;
}

/** log Γ(x), x > 0: Stirling's series from 10 on. */
function logGamma(x: number): number {
  if (x < 10) return logGamma(x + 1) - Math.log(x);
  const series = 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5) - 1 / (1680 * x ** 7);
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series;
}
