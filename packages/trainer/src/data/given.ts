/** The types of data that `fit` can train on. */
import type * as tf from '@tensorflow/tfjs-core';

type TypedArray = Float32Array | Int32Array | Uint8Array;
/** A typed array and its shape. */
export interface Shaped {
  /** The numbers in row-major order. */
  readonly data: TypedArray;
  /** The shape, rows first. */
  readonly shape: readonly number[];
}
/** One array: a tensor, nested lists of numbers, or a typed array with its shape. */
export type ArrayLike = tf.Tensor | Shaped | tf.TensorLike;
/** One array, a list in the order of inputs or outputs, or a record by their names. */
export type Arrays = ArrayLike | readonly tf.Tensor[] | Readonly<Record<string, ArrayLike>>;

/** Data in memory: inputs, labels, and optionally a weight for each row. */
export interface ArrayData {
  /** Inputs, each [rows, …]. */
  readonly x: Arrays;
  /** Labels of the outputs, each [rows, …]. */
  readonly y: Arrays;
  /** Weight of each row in the loss, shape [rows]; by output name if outputs differ. 1 by default. */
  readonly sampleWeight?: Arrays;
}
/** A batch of a stream: { x, y }, or { xs, ys } as in TF.js. `fit` disposes its tensors. */
export type StreamBatch = ArrayData | { readonly xs: Arrays; readonly ys: Arrays; readonly sampleWeight?: Arrays };

/** A `tf.data.Dataset`, or any object with an `iterator()`. */
export interface Dataset {
  /** Begins a pass, as in TF.js. */
  iterator(): Promise<{ next(): Promise<IteratorResult<unknown>> }>;
}

/** A sequence of batches, including generators, which can be read only once. */
export type Stream = Dataset | AsyncIterable<StreamBatch> | Iterable<StreamBatch>;

/**
 * Arrays, a stream, or a function that is called with the number of the epoch and returns a stream. If it gives the same batches for the same epoch, a
 * resumed run is exact.
 */
export type TrainingData = ArrayData | Stream | ((epoch: number) => Stream | Promise<Stream>);
