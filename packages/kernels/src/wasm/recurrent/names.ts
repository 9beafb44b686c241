/** The inputs of a recurrent layer over a sequence, and the registered names of its kernels. */
import type * as tf from '@tensorflow/tfjs-core';

/** ResetAfterGRU applies its reset gate after the recurrent kernel. */
export type CellName = 'LSTM' | 'GRU' | 'ResetAfterGRU' | 'SimpleRNN';

export interface Inputs {
  /** [batch, time, features] */
  readonly x: tf.Tensor;
  /** W [features, gates · units] */
  readonly w: tf.Tensor;
  /** U [units, gates · units] */
  readonly u: tf.Tensor;
  /** [gates · units] */
  readonly bias?: tf.Tensor;
  /** b′ of h U in a ResetAfterGRU, [gates · units]. */
  readonly ownBias?: tf.Tensor;
  /** The initial states, [batch, units]. */
  readonly h: tf.Tensor;
  readonly c?: tf.Tensor;
}
/** Inputs without gradients. */
export interface Masks {
  /** [batch, time]: 0 if a step of a row does not count, so that its states stay the same; otherwise 1. */
  readonly mask?: tf.Tensor;
  /** [batch, units]: the factor of h where the recurrent kernel reads it, at every step. */
  readonly drop?: tf.Tensor;
}
export interface Options {
  /** Hard sigmoids for gates. */
  readonly hard: boolean;
  readonly backwards: boolean;
  /** Whether y is h of all steps, [batch, time, units], instead of the last one. */
  readonly all: boolean;
  /** Whether the h that a GRU carries over is multiplied by `drop` too, like in TF.js. */
  readonly dropsCarry?: boolean;
  /** Whether to return the last states after y. */
  readonly states: boolean;
}

export const LSTM = 'KeepprobLSTM';
export const LSTM_GRAD = 'KeepprobLSTMGrad';
export const GRU = 'KeepprobGRU';
export const GRU_GRAD = 'KeepprobGRUGrad';
export const RESET_AFTER_GRU = 'KeepprobResetAfterGRU';
export const RESET_AFTER_GRU_GRAD = 'KeepprobResetAfterGRUGrad';
export const SIMPLE_RNN = 'KeepprobSimpleRNN';
export const SIMPLE_RNN_GRAD = 'KeepprobSimpleRNNGrad';
/** Gradients with respect to W and U. */
export const ROWS_PRODUCT = 'KeepprobRowsProduct';
export const STATE_PRODUCT = 'KeepprobStateProduct';
