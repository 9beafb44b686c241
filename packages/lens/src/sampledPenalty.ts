/**
 * What dropout adds to the loss, sampled: the mean over masks and rows of loss(dropped) − loss(not dropped), each row paired with itself. Masks
 * come from keys of their own, so that nothing is drawn from any run.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Loss } from './curvature.ts';
import { dropping, type NoiseSite, passThrough } from './noiseSites.ts';
import { infer } from './tap.ts';

/** A mean and its standard error over masks; the rows are taken as they are. */
export interface Estimate {
  readonly value: number;
  readonly error: number;
}

/** Sum and sum of squares over the masks of each row: rows have masks of their own, so their errors are independent. */
class RowSums {
  readonly sums: Float64Array;
  readonly squares: Float64Array;
  constructor(rows: number) {
    this.sums = new Float64Array(rows);
    this.squares = new Float64Array(rows);
  }

  add(row: number, value: number): void {
    this.sums[row] = (this.sums[row] as number) + value;
    this.squares[row] = (this.squares[row] as number) + value ** 2;
  }

  estimate(samples: number): Estimate {
    const rows = this.sums.length;
    let [total, variance] = [0, 0];
    for (let i = 0; i < rows; i++) {
      const sum = this.sums[i] as number;
      total += sum;
      variance += Math.max(0, (this.squares[i] as number) - sum ** 2 / samples) / (samples - 1);
    }
    return { value: total / (rows * samples), error: Math.sqrt(variance / samples) / rows };
  }
}

export interface Sampled {
  /** Mean loss with everything kept. */
  readonly loss: number;
  /** All sites together. */
  readonly all: Estimate;
  /** Each site alone. */
  readonly alone: readonly Estimate[];
}

/** Passes over `batch` rows at a time, which may belong to several samples of few rows. */
export async function samplePenalty(
  model: LayersModel,
  loss: Loss,
  {
    inputs,
    labels,
    count,
  }: { readonly inputs: readonly tf.Tensor[]; readonly labels: tf.Tensor; readonly count: number },
  sites: readonly NoiseSite[],
  { samples, seed, batch }: { readonly samples: number; readonly seed: number; readonly batch: number },
): Promise<Sampled> {
  const clean = await rowLosses(count, batch, (x, y) => loss.perRow(y, infer(model, x)));
  const arms = sites.length > 1 ? [sites, ...sites.map(site => [site])] : [sites];
  const sums = arms.map(() => new RowSums(count));
  const total = sites.length ? samples * count : 0;
  for (let first = 0; first < total; first += batch) {
    const size = Math.min(batch, total - first);
    for (const [a, arm] of arms.entries()) {
      const values = await part(first, size, (x, y) =>
        loss.perRow(y, passThrough(model, x, arm, dropping(sites, seed, [first, total]))),
      );
      for (let v = 0; v < size; v++) {
        const row = (first + v) % count;
        (sums[a] as RowSums).add(row, (values[v] as number) - (clean[row] as number));
      }
    }
  }
  const [all, ...alone] = sums.map(s => (total ? s.estimate(samples) : { value: 0, error: 0 })) as [
    Estimate,
    ...Estimate[],
  ];
  return { loss: clean.reduce((a, b) => a + b, 0) / count, all, alone: alone.length ? alone : [all] };

  /** Row losses of rows first … of the data repeated without end. */
  async function part(
    first: number,
    size: number,
    f: (x: tf.Tensor[], y: tf.Tensor) => tf.Tensor,
  ): Promise<ArrayLike<number>> {
    const losses = tf.tidy(() => {
      const index = tf.tensor1d(
        Int32Array.from({ length: size }, (_, v) => (first + v) % count),
        'int32',
      );
      return f(
        inputs.map(x => tf.gather(x, index)),
        tf.gather(labels, index),
      );
    });
    const values = await losses.data();
    losses.dispose();
    return values;
  }
  async function rowLosses(rows: number, size: number, f: Parameters<typeof part>[2]): Promise<Float64Array> {
    const all = new Float64Array(rows);
    for (let first = 0; first < rows; first += size)
      all.set((await part(first, Math.min(size, rows - first), f)) as Float32Array, first);
    return all;
  }
}
