/**
 * The penalty that dropout adds to the loss, sampled: the mean over masks and rows of loss(dropped) − loss(not dropped), each row paired with itself. Masks
 * come from their own keys, so nothing is drawn from any run.
 */
import type { Layer } from '@keepprob/core/layers';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { dropping, type NoiseSite, passThrough } from '../model/noiseSites.ts';
import { addScaled, sum, zip } from '../statistics/vectors.ts';
import type { Loss } from './curvature.ts';
import { outputsOf, skipping, unaffectedBy } from './unaffected.ts';

/** A mean and its standard error over masks; the rows are taken as given. */
export interface Estimate {
  /** The mean. */
  readonly value: number;
  /** Its standard error. */
  readonly error: number;
}

/** Sum and sum of squares over the masks of each row: rows have their own masks, so their errors are independent. */
class RowSums {
  readonly sums: Float64Array;
  readonly squares: Float64Array;
  constructor(rows: number) {
    this.sums = new Float64Array(rows);
    this.squares = new Float64Array(rows);
  }

  /** Adds the values of `rows` rows from `first` on, once or several times over. */
  add(first: number, rows: number, values: Float64Array): void {
    const [sums, squares] = [this.sums, this.squares].map(all => all.subarray(first, first + rows));
    for (let at = 0; sums && squares && at < values.length; at += rows) {
      const part = values.subarray(at, at + rows);
      addScaled(sums, part);
      addScaled(
        squares,
        part.map(v => v ** 2),
      );
    }
  }

  estimate(samples: number): Estimate {
    const rows = this.sums.length;
    const spread = zip(this.sums, this.squares, (total, squares) => Math.max(0, squares - total ** 2 / samples));
    const variance = sum(spread) / (samples - 1);
    return { value: sum(this.sums) / (rows * samples), error: Math.sqrt(variance / samples) / rows };
  }
}

export interface Sampled {
  /** Mean loss without dropout. */
  readonly loss: number;
  /** Number of masks per row. */
  readonly samples: number;
  /** All sites together. */
  readonly all: Estimate;
  /** Each site alone. */
  readonly alone: readonly Estimate[];
}

/**
 * Samples in blocks of up to `batch` rows; if there are few rows, a block repeats them, each time with new masks. The masks are those of one batch of
 * samples × rows, however it is split. The number of samples is rounded up to fill the blocks.
 */
export async function samplePenalty(
  model: LayersModel,
  loss: Loss,
  { inputs, labels, count }: Measured,
  sites: readonly NoiseSite[],
  { samples: asked, seed, batch }: { readonly samples: number; readonly seed: number; readonly batch: number },
): Promise<Sampled> {
  const arms = (sites.length > 1 ? [sites, ...sites.map(site => [site])] : [sites]).map(
    (arm): Arm => ({ arm, unaffected: unaffectedBy(model, arm), sums: new RowSums(count) }),
  );
  const { tiles, repeats } = tiling(asked, Math.max(1, Math.floor(batch / count)));
  let clean = 0;
  for (let first = 0; first < count; first += batch) {
    const rows = Math.min(batch, count - first);
    const block = openBlock(model, loss, { inputs, labels, count }, arms, { first, size: rows * tiles });
    try {
      const cleanLosses = await block.losses.data();
      clean += sum(cleanLosses.subarray(0, rows));
      for (let repeat = 0; sites.length && repeat < repeats; repeat++) {
        const masks = [repeat * tiles * count + first, repeats * tiles * count] as const;
        for (const { arm, unaffected, sums } of arms) {
          const dropped = tf.tidy(() => {
            const skip = skipping(unaffected, block.outputs);
            return loss.perRow(block.labels, passThrough(model, block.inputs, arm, dropping(sites, seed, masks), skip));
          });
          const values = await dropped.data();
          dropped.dispose();
          sums.add(first, rows, addScaled(Float64Array.from(values), cleanLosses, -1));
        }
      }
    } finally {
      block.dispose();
    }
  }
  const samples = tiles * repeats;
  const nothing = { value: 0, error: 0 };
  const [all, ...alone] = arms.map(({ sums }) => (sites.length ? sums.estimate(samples) : nothing)) as [Estimate];
  return { loss: clean / count, samples, all, alone: alone.length ? alone : [all] };
}

export interface Measured {
  readonly inputs: readonly tf.Tensor[];
  readonly labels: tf.Tensor;
  readonly count: number;
}

interface Arm {
  readonly arm: readonly NoiseSite[];
  readonly unaffected: readonly Layer[];
  readonly sums: RowSums;
}

/** Number of samples per block, and number of blocks. */
function tiling(samples: number, fit: number): { tiles: number; repeats: number } {
  const repeats = Math.ceil(samples / fit);
  return { tiles: Math.ceil(samples / repeats), repeats };
}

interface Block {
  readonly inputs: tf.Tensor[];
  readonly labels: tf.Tensor;
  /** Loss of each row without dropout. */
  readonly losses: tf.Tensor;
  /** Outputs of the layers that, in some arm, no mask changes. */
  readonly outputs: ReadonlyMap<Layer, tf.Tensor>;
  dispose(): void;
}

/** `size` rows from `first` on, of the data repeated endlessly. */
function openBlock(
  model: LayersModel,
  loss: Loss,
  { inputs, labels, count }: Measured,
  arms: readonly Arm[],
  { first, size }: { readonly first: number; readonly size: number },
): Block {
  const outputs = new Map<Layer, tf.Tensor>();
  const unaffected = new Set(arms.flatMap(arm => arm.unaffected));
  const [losses, y, ...x] = tf.tidy(() => {
    const index = tf.tensor1d(
      Int32Array.from({ length: size }, (_, v) => (first + v) % count),
      'int32',
    );
    const [y, ...x] = [labels, ...inputs].map(t => tf.gather(t, index)) as [tf.Tensor, ...tf.Tensor[]];
    return [loss.perRow(y, outputsOf(model, x, unaffected, outputs)), y, ...x];
  }) as [tf.Tensor, tf.Tensor, ...tf.Tensor[]];
  return {
    inputs: x,
    labels: y,
    losses,
    outputs,
    dispose: () => tf.dispose([losses, y, ...x, ...outputs.values()]),
  };
}
