/** What `fit` may be given to train on. */
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
/** A batch of a stream: ours, or TF.js' { xs, ys }. `fit` disposes its tensors. */
export type StreamBatch = ArrayData | { readonly xs: Arrays; readonly ys: Arrays; readonly sampleWeight?: Arrays };

/** A `tf.data.Dataset`: whatever has `iterator()`. */
export interface Dataset {
  /** As in TF.js: begins a pass. */
  iterator(): Promise<{ next(): Promise<IteratorResult<unknown>> }>;
}

/** Batches one after the other; generators, which can be gone through once, among them. */
export type Stream = Dataset | AsyncIterable<StreamBatch> | Iterable<StreamBatch>;

/**
 * Arrays, a stream, or a function that is called with the number of the epoch and returns a stream. If it gives the same batches for the same epoch, a
 * resumed run is exact.
 */
export type TrainingData = ArrayData | Stream | ((epoch: number) => Stream | Promise<Stream>);
