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

/** Of each row. */
function thin(values: Float64Array, { kept, keepProb }: Thinning): void {
  const units = kept.length;
  for (let i = 0; i < values.length; i++) values[i] = kept[i % units] ? (values[i] ?? 0) / keepProb : 0;
}

function forward({ kernel, bias }: DenseLayer, inputs: Float64Array, rows: number): Float64Array {
  const [units, width] = [bias.length, inputs.length / rows];
  const sums = new Float64Array(rows * units);
  for (let row = 0; row < rows; row++) {
    const to = row * units;
    sums.set(bias, to);
    for (let i = 0; i < width; i++) {
      const input = inputs[row * width + i] ?? 0;
      // most pixels of a digit are 0, and so are units that are dropped or asleep
      if (input === 0) continue;
      for (let unit = 0; unit < units; unit++)
        sums[to + unit] = (sums[to + unit] ?? 0) + input * (kernel[i * units + unit] ?? 0);
    }
  }
  return sums;
}

function rectify(values: Float64Array): void {
  for (let i = 0; i < values.length; i++) values[i] = Math.max(0, values[i] ?? 0);
}

function softmax(sums: Float64Array): Float64Array {
  const most = Math.max(...sums);
  const powers = sums.map(sum => Math.exp(sum - most));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map(power => power / total);
}

/** One unit answers with a sigmoid, several with a softmax. */
function squash(sums: Float64Array, rows: number): Float64Array {
  if (sums.length === rows) return sums.map(sum => 1 / (1 + Math.exp(-sum)));
  const units = sums.length / rows;
  for (let row = 0; row < rows; row++) {
    const own = sums.subarray(row * units, (row + 1) * units);
    own.set(softmax(own));
  }
  return sums;
}

/**
 * ReLU between, and probabilities at the end: [rows × outputs].
 * @param x [rows × inputs], row by row
 * @param thinnings of the input, then of each hidden layer; undefined where nothing is dropped. None for the whole network.
 */
export function answer(
  network: DenseNetwork,
  x: ArrayLike<number>,
  thinnings: readonly (Thinning | undefined)[] = [],
  rows = 1,
): Float64Array {
  let values: Float64Array = Float64Array.from(x);
  for (const [i, layer] of network.entries()) {
    const thinning = thinnings[i];
    if (thinning) thin(values, thinning);
    values = forward(layer, values, rows);
    if (i < network.length - 1) rectify(values);
  }
  return squash(values, rows);
}
