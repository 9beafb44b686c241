/** Forward and backward pass of an update through the doors `loss` and `step`. */
import * as tf from '@tensorflow/tfjs-core';
import type { Batch, Moment, Step, StepResult, Tensors } from '../contract.ts';
import type { Run } from './run.ts';

/** What a step needs to know of a model and of what it is trained for. Called on the tape, in training mode. */
export interface Computation {
  predict(x: Tensors): Tensors;
  /** Rank 0. */
  loss(predictions: Tensors, batch: Batch): tf.Tensor;
  /** Scalars by name. */
  metrics(predictions: Tensors, batch: Batch): Tensors;
  /** Penalties of the model's own, such as those of `kernelRegularizer`; rank 0. */
  penalties(): readonly tf.Tensor[];
}

/** One forward and backward pass over these rows of a batch. */
export type RowsPass = (part: Batch, rows: Moment['rows']) => StepResult;

/** Takes a pass: on its own, or with others who take some of the rows each. */
export type TakePass = (pass: RowsPass, part: Batch, rows: Moment['rows']) => StepResult;

/**
 * J, its gradients by `variables`, and the metrics of a batch. The caller owns every tensor of the result.
 * @param take innermost, for every pass that a plugin around the step asks for
 */
export function takeStep(
  run: Run,
  computation: Computation,
  batch: Batch,
  variables: readonly tf.Variable[],
  at: Moment,
  take: TakePass = (pass, part, rows) => pass(part, rows),
): StepResult {
  let failure: { readonly error: unknown } | undefined;
  const over: RowsPass = (part, rows) =>
    pass(run, computation, part, variables, run.moment('train', { step: at.step, rows }));
  const inner: Step = (part, rows = at.rows) => {
    try {
      return take(over, part, rows);
    } catch (error) {
      failure = { error };
      throw error;
    }
  };
  const { step } = run.hooks;
  if (!step) return inner(batch);
  try {
    const trained = new Set(variables);
    return step(
      inner,
      batch,
      run.weights.filter(w => trained.has(w.variable)),
      at,
    );
  } catch (error) {
    // what fails inside of the pass is not the fault of a plugin around it
    throw failure && (error as Error).cause === failure.error ? failure.error : error;
  }
}

/** One forward and backward pass. */
function pass(
  run: Run,
  { predict, loss, metrics, penalties }: Computation,
  batch: Batch,
  variables: readonly tf.Variable[],
  at: Moment,
): StepResult {
  const measured: Record<string, tf.Tensor> = {};
  try {
    const result = run.gradients(
      addPenalty => {
        const predictions = predict(batch.x);
        for (const [name, metric] of Object.entries(metrics(predictions, batch))) measured[name] = tf.keep(metric);
        for (const penalty of penalties()) addPenalty(penalty);
        const data = loss(predictions, batch);
        if (!run.hooks.loss) return data;
        const again = { predict: (x = batch.x) => predict(x), loss: (p: Tensors) => loss(p, batch) };
        return run.hooks.loss(data, { batch, predictions, addPenalty, ...again }, at);
      },
      variables,
      at,
    );
    return { ...result, metrics: Object.fromEntries(Object.entries(measured).map(([name, t]) => [name, tf.clone(t)])) };
  } finally {
    tf.dispose(measured);
  }
}
