/** The networks of the scenes: dense layers called hidden1, hidden2, …, output, from the seed. */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type { DenseNetwork } from '../dense.ts';
import type { Points } from '../points.ts';
import type { Rows } from './race.ts';

type Layer = tfl.layers.Layer;

interface Besides {
  /** What stands behind each hidden layer. */
  readonly behind?: () => readonly Layer[];
  /** What goes around each layer. */
  readonly around?: (layer: Layer) => Layer;
  /** What each layer is given besides. */
  readonly more?: () => object;
}

/** 2-20-3-1 is [2, 20, 3, 1]. ReLU between, He initialization. */
export function denseNetwork(
  units: readonly number[],
  last: 'sigmoid' | 'softmax',
  seed: number,
  { behind = () => [], around = layer => layer, more }: Besides = {},
): tfl.LayersModel {
  const input = tfl.input({ shape: [units[0] ?? null], name: 'input' });
  const layers = units.slice(1).flatMap((count, i) => {
    const isLast = i === units.length - 2;
    const dense = tfl.layers.dense({
      name: isLast ? 'output' : `hidden${i + 1}`,
      units: count,
      activation: isLast ? last : 'relu',
      kernelInitializer: tfl.initializers.heNormal({ seed: (units.length - 1) * seed + i + 1 }),
      ...more?.(),
    });
    return [around(dense), ...(isLast ? [] : behind())];
  });
  const outputs = layers.reduce<tfl.SymbolicTensor>(
    (tensor, layer) => layer.apply(tensor) as tfl.SymbolicTensor,
    input,
  );
  return tfl.model({ inputs: input, outputs });
}

/** The weights of its dense layers, for the page. */
export const weightsOf = ({ layers }: tfl.LayersModel): DenseNetwork =>
  layers.flatMap(layer => {
    const [kernel, bias] = layer.getWeights();
    return kernel && bias ? [{ kernel: copyOf(kernel), bias: copyOf(bias) }] : [];
  });

const copyOf = (tensor: tf.Tensor): Float32Array => Float32Array.from(tensor.dataSync());

export const rowsOf = ({ x, y }: Points): Rows => ({
  x: tf.tensor2d(x.flat(), [x.length, x[0]?.length ?? 0]),
  y: tf.tensor2d([...y], [y.length, 1]),
});

/** Answers of a network with one output, [rows × units], in one batch: by itself `predict` takes 32 rows at a time. */
export const answersOf = (model: tfl.LayersModel, x: tf.Tensor): Float32Array =>
  tf.tidy(() => {
    const found = model.predict(x, { batchSize: x.shape[0] });
    if (Array.isArray(found)) throw new Error('The network has one output.');
    return Float32Array.from(found.dataSync());
  });

/** By point: 1 where the answer is on the other side of ½. */
export const wrongOf = (answers: Float32Array, { y }: Points, from = 0): Uint8Array =>
  Uint8Array.from(y, (label, i) => Number(Number((answers[from + i] ?? 0) > 0.5) !== label));
