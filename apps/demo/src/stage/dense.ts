/** A network of dense layers computed by the page itself: it answers also while the worker trains, is held, or is done. */

export interface DenseLayer {
  /** [inputs × units], row by row. */
  readonly kernel: Float32Array;
  /** [units] */
  readonly bias: Float32Array;
}

export type DenseNetwork = readonly DenseLayer[];

/** What is dropped at one place, and what the rest is divided by. */
export interface Thinning {
  /** 1 kept, 0 dropped. */
  readonly kept: Uint8Array;
  readonly keepProb: number;
}

function thin(values: Float64Array, { kept, keepProb }: Thinning): void {
  for (let i = 0; i < values.length; i++) values[i] = kept[i] ? (values[i] ?? 0) / keepProb : 0;
}

function forward({ kernel, bias }: DenseLayer, inputs: Float64Array): Float64Array {
  const units = bias.length;
  const sums = Float64Array.from(bias);
  inputs.forEach((input, i) => {
    // most pixels of a digit are 0, and so are units that are dropped or asleep
    if (input === 0) return;
    const row = i * units;
    for (let unit = 0; unit < units; unit++) sums[unit] = (sums[unit] ?? 0) + input * (kernel[row + unit] ?? 0);
  });
  return sums;
}

/** One unit answers with a sigmoid, several with a softmax. */
function squash(sums: Float64Array): Float64Array {
  if (sums.length === 1) return sums.map(sum => 1 / (1 + Math.exp(-sum)));
  const most = Math.max(...sums);
  const powers = sums.map(sum => Math.exp(sum - most));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map(power => power / total);
}

/**
 * ReLU between, and probabilities at the end.
 * @param thinnings of the input, then of each hidden layer; undefined where nothing is dropped. None for the whole network.
 */
export function answer(
  network: DenseNetwork,
  x: ArrayLike<number>,
  thinnings: readonly (Thinning | undefined)[] = [],
): Float64Array {
  let values: Float64Array = Float64Array.from(x);
  network.forEach((layer, i) => {
    const thinning = thinnings[i];
    if (thinning) thin(values, thinning);
    values = forward(layer, values);
    if (i < network.length - 1)
      for (let unit = 0; unit < values.length; unit++) values[unit] = Math.max(0, values[unit] ?? 0);
  });
  return squash(values);
}
