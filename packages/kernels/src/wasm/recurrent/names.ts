/** What a recurrent layer over a sequence takes, and its kernels, as they are registered. */
import type * as tf from '@tensorflow/tfjs-core';

/** ResetAfterGRU has its reset gate behind the recurrent kernel. */
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
  /** The first states, [batch, units]. */
  readonly h: tf.Tensor;
  readonly c?: tf.Tensor;
}
/** What no gradient is taken by. */
export interface Masks {
  /** [batch, time]: 0 where a step of a row does not count, so that its states stay; else 1. */
  readonly mask?: tf.Tensor;
  /** [batch, units]: what h is multiplied by where the recurrent kernel reads it, at every step. */
  readonly drop?: tf.Tensor;
}
export interface Options {
  /** Hard sigmoids for gates. */
  readonly hard: boolean;
  readonly backwards: boolean;
  /** y is h of all steps, [batch, time, units], instead of the last. */
  readonly all: boolean;
  /** The h that a GRU carries over is multiplied by `drop`, too, as TF.js has it. */
  readonly dropsCarry?: boolean;
  /** The last states behind y. */
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
/** Gradients by W and by U. */
export const ROWS_PRODUCT = 'KeepprobRowsProduct';
export const STATE_PRODUCT = 'KeepprobStateProduct';
