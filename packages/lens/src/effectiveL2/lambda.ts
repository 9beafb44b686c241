/** Converts the penalty of each unit to a λ on the weights that multiply it. */
import * as tf from '@tensorflow/tfjs-core';
import type { Reader } from '../model/graph.ts';
import { addScaled, sum, sumsModulo, zip } from '../statistics/vectors.ts';

/** Σ w² over the matrices, each counted once. */
export async function squaredNorm(readers: readonly Reader[]): Promise<number> {
  const byInput = await Promise.all(unique(readers).map(squaresByInput));
  return sum(byInput.map(sum));
}

/**
 * λ_j = Σ penalties of the units that are input j, divided by the Σ w² of the weights of input j; null if units and inputs do not match. In both, the last
 * axis varies fastest, so that unit u is input u mod J (elements before a convolution), or input j is unit j mod U (channels, flattened).
 */
export async function lambdaOfUnits(units: Float64Array, readers: readonly Reader[]): Promise<Float64Array | null> {
  const matrices = await Promise.all(unique(readers).map(squaresByInput));
  const groups = Math.min(units.length, ...matrices.map(m => m.length));
  const fits = (length: number): boolean => length % groups === 0;
  if (!matrices.length || !groups || !fits(units.length) || !matrices.every(m => fits(m.length))) return null;
  const norms = new Float64Array(groups);
  for (const m of matrices) addScaled(norms, sumsModulo(m, groups));
  return Float64Array.from(zip(sumsModulo(units, groups), norms, (penalty, norm) => penalty / norm));
}

const unique = (readers: readonly Reader[]): Reader[] =>
  readers.filter((reader, i) => readers.findIndex(r => r.weight.variable === reader.weight.variable) === i);

/** Σ w² over all axes except that of the inputs. */
async function squaresByInput({ weight, axis }: Reader): Promise<Float64Array> {
  const squares = tf.tidy(() => {
    const { variable } = weight;
    return tf.sum(
      tf.square(variable),
      variable.shape.map((_, a) => a).filter(a => a !== axis),
    );
  });
  const values = Float64Array.from(await squares.data());
  squares.dispose();
  return values;
}
