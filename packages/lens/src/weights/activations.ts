/** Sums over the activations of a model at inference: the inputs of its matrices, and the outputs of their blocks. */
import type { Weight } from '@keepprob/core';
import type { Layer } from '@keepprob/core/layers';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { lastOfBlock, layerWith } from '../model/graph.ts';
import { type Rows, rowsPerPass } from '../model/rows.ts';
import { lastSize, rowsOf } from '../model/shape.ts';
import { infer, type Tap, withTaps } from '../model/tap.ts';
import { addScaled } from '../statistics/vectors.ts';

export interface ActivationSums {
  /** Share of exact zeros in the block's output. */
  readonly zeros: number;
  /** Hoyer's sparsity of the block's output, mean over rows. */
  readonly sparsity: number;
  /** E[h_j²] of the layer's input, by its last axis. */
  readonly inputs: Float64Array | undefined;
}

/** (√n − ‖h‖₁/‖h‖₂) / (√n − 1) of each row, shape [rows]; a row of zeros counts as 0. */
function sparsity(h: tf.Tensor): tf.Tensor {
  const flat = tf.reshape(h, [rowsOf(h), -1]);
  const root = Math.sqrt(lastSize(flat));
  const norm = tf.sqrt(tf.sum(tf.square(flat), 1));
  const ratio = tf.div(tf.sum(tf.abs(flat), 1), tf.maximum(norm, 1e-30));
  return tf.mul(tf.div(tf.sub(root, ratio), Math.max(root - 1, 1e-30)), tf.cast(tf.greater(norm, 0), 'float32'));
}

/** The sums by kernel; kernels in a nested model or a layer made of layers are left out. */
export async function activationsOf(
  model: LayersModel,
  rows: Rows,
  kernels: readonly Weight[],
): Promise<Map<Weight, ActivationSums>> {
  const owners = kernels.flatMap(kernel => {
    const layer = layerWith(model, kernel);
    return layer ? [[kernel, layer] as const] : [];
  });
  const layers = [...new Set(owners.map(([, layer]) => layer))];
  const sums = { into: new Map<Layer, Float64Array>(), out: new Map<Layer, Float64Array>() };
  const size = rowsPerPass(model);
  for (let first = 0; first < rows.count; first += size) {
    const parts = rows.inputs.map(x => tf.slice(x, first, Math.min(size, rows.count - first)));
    const seen: Seen[] = [];
    try {
      tf.tidy(() => look(model, parts, layers, seen));
      for (const { layer, side, values } of seen) addTo(sums[side], layer, await values.data());
    } finally {
      tf.dispose([...seen.map(({ values }) => values), ...parts]);
    }
  }
  return new Map(owners.map(([kernel, layer]) => [kernel, means(sums.into.get(layer), sums.out.get(layer))]));
}

/** Sums over the rows of one use of a layer; the last value is the number of rows. */
interface Seen {
  readonly layer: Layer;
  /** `into`: mean square by the last axis. `out`: share of zeros, sparsity. */
  readonly side: 'into' | 'out';
  readonly values: tf.Tensor;
}

/** One pass; a layer that is used several times is recorded several times. */
function look(model: LayersModel, inputs: readonly tf.Tensor[], layers: readonly Layer[], seen: Seen[]): void {
  const ends = new Map(layers.map(layer => [lastOfBlock(model, layer), layer]));
  const see = (layer: Layer, side: Seen['side'], means: tf.Tensor, rows: number): void => {
    seen.push({ layer, side, values: tf.keep(tf.mul(tf.concat([means, tf.tensor1d([1])]), rows)) });
  };
  const taps = new Map<Layer, Tap>();
  for (const watched of new Set([...layers, ...ends.keys()])) {
    taps.set(watched, (x, call) => {
      if (layers.includes(watched) && !Array.isArray(x)) {
        const squares = tf.reshape(tf.square(x), [-1, lastSize(x)]);
        see(watched, 'into', tf.mean(squares, 0), rowsOf(x));
      }
      const y = call(x);
      const owner = ends.get(watched);
      if (owner && !Array.isArray(y)) {
        const zeros = tf.mean(tf.cast(tf.equal(y, 0), 'float32'));
        see(owner, 'out', tf.stack([zeros, tf.mean(sparsity(y))]), rowsOf(y));
      }
      return y;
    });
  }
  withTaps(taps, () => infer(model, inputs));
}

function addTo(sums: Map<Layer, Float64Array>, layer: Layer, values: ArrayLike<number>): void {
  sums.set(layer, addScaled(sums.get(layer) ?? new Float64Array(values.length), values));
}

function means(into: Float64Array | undefined, out: Float64Array | undefined): ActivationSums {
  const divided = (sums: Float64Array): Float64Array => {
    const rows = sums.at(-1) ?? 0;
    return sums.slice(0, -1).map(v => v / rows);
  };
  const [zeros, sparse] = out ? divided(out) : [];
  return { zeros: zeros ?? Number.NaN, sparsity: sparse ?? Number.NaN, inputs: into && divided(into) };
}
