import { definePlugin, option, type Varying, valueAt, type WeightFilter, whereOption } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import { columns } from '../constraints/columns.ts';

/** Options of `orthogonal`. */
export interface OrthogonalOptions {
  /** 'keras' (the default): mean |cos| over pairs of units; 'soft': ‖WᵀW − I‖²_F, which also pulls the norms to 1. */
  readonly mode?: 'keras' | 'soft';
  /** Which vectors are pushed apart: 'units' (the default), the columns of a dense kernel; or 'inputs', its rows, each leading from one input to all units. */
  readonly of?: 'units' | 'inputs';
  /** λ ≥ 0; 0.01 by default, as in Keras. May be a schedule or a function. */
  readonly strength?: Varying;
  /** Which weights; kernels by default. */
  readonly where?: WeightFilter;
}

/**
 * Σ |cos| over the pairs of units, divided by their number (Keras' `OrthogonalRegularizer`, mode columns); 0 for one unit.
 * @example
 * meanCosine(tf.tensor2d([[1, 1], [0, 1]]), [0]); // 0.7071
 */
export function meanCosine(w: tf.Tensor, axes: readonly number[]): tf.Scalar {
  const matrix = columns(w, axes);
  const units = matrix.shape[1];
  const squares = tf.maximum(tf.sum(tf.square(matrix), 0, true), 1e-12);
  const unit = tf.div(matrix, tf.sqrt(squares));
  const others = tf.mul(tf.matMul(unit, unit, true), tf.sub(1, tf.eye(units)));
  return tf.mul(tf.sum(tf.abs(others)), 1 / Math.max(units * (units - 1), 1));
}

/**
 * ‖WᵀW − I‖²_F, with a unit's incoming weights as a column of W.
 * @example
 * softOrthogonality(tf.tensor2d([[2], [0]]), [0]); // 9
 */
export function softOrthogonality(w: tf.Tensor, axes: readonly number[]): tf.Scalar {
  const matrix = columns(w, axes);
  return tf.sum(tf.square(tf.sub(tf.matMul(matrix, matrix, true), tf.eye(matrix.shape[1]))));
}

/** The axes that are not summed into a unit. */
const others = (w: tf.Tensor, axes: readonly number[]): number[] =>
  w.shape.map((_, axis) => axis).filter(axis => !axes.includes(axis));

/**
 * Orthogonality: adds λ times the measure that `mode` selects, for each kernel, to J. Weights without units (fan-in axes []) are left alone.
 * Sources: Keras' `OrthogonalRegularizer`; Brock et al. 2017 and Bansal, Chen & Wang 2018 for the soft form.
 * @example
 * attach(model, tf.train.adam(1e-3), orthogonal());
 * orthogonal({ of: 'inputs' });
 * orthogonal({ mode: 'soft', strength: 1e-4 });
 * @throws OptionError for an unknown mode or a negative or non-finite λ
 */
export const orthogonal = definePlugin<OrthogonalOptions, 'strength'>({
  name: 'orthogonal',
  shorthand: 'strength',
  options: {
    mode: option.oneOf<'keras' | 'soft'>(['keras', 'soft'], { fallback: 'keras' }),
    of: option.oneOf<'units' | 'inputs'>(['units', 'inputs'], { fallback: 'units' }),
    strength: option.varying({ min: 0, fallback: 0.01 }),
    where: whereOption(),
  },
  setup: ({ mode, of, strength, where }) => ({
    penalty(weights, at) {
      const measure = mode === 'keras' ? meanCosine : softOrthogonality;
      const lambda = valueAt(strength, at);
      return weights
        .filter(weight => weight.fanInAxes.length > 0 && where(weight))
        .map(({ variable, fanInAxes }) =>
          tf.mul(measure(variable, of === 'units' ? fanInAxes : others(variable, fanInAxes)), lambda),
        )
        .reduce((sum, term) => tf.add(sum, term), tf.scalar(0) as tf.Tensor);
    },
  }),
});
