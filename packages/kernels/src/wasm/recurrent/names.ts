/** What a recurrent layer over a sequence takes, and its kernels, as they are registered. */
import type * as tf from '@tensorflow/tfjs-core';

export type CellName = 'LSTM' | 'GRU' | 'SimpleRNN';

export interface Inputs {
  /** [batch, time, features] */
  readonly x: tf.Tensor;
  /** W [features, gates · units] */
  readonly w: tf.Tensor;
  /** U [units, gates · units] */
  readonly u: tf.Tensor;
  /** [gates · units] */
  readonly bias?: tf.Tensor;
  /** The first states, [batch, units]. */
  readonly h: tf.Tensor;
  readonly c?: tf.Tensor;
}
export interface Options {
  /** Hard sigmoids for gates. */
  readonly hard: boolean;
  readonly backwards: boolean;
  /** y is h of all steps, [batch, time, units], instead of the last. */
  readonly all: boolean;
  /** The last states behind y. */
  readonly states: boolean;
}

export const LSTM = 'KeepprobLSTM';
export const LSTM_GRAD = 'KeepprobLSTMGrad';
export const GRU = 'KeepprobGRU';
export const GRU_GRAD = 'KeepprobGRUGrad';
export const SIMPLE_RNN = 'KeepprobSimpleRNN';
export const SIMPLE_RNN_GRAD = 'KeepprobSimpleRNNGrad';
/** Gradients by W and by U. */
export const ROWS_PRODUCT = 'KeepprobRowsProduct';
export const STATE_PRODUCT = 'KeepprobStateProduct';
