/** A training step as `fit` takes it: plugins at every door. Nothing else of `fit` is on the clock. */
import type { Batch, Plugins } from '@keepprob/core';
import { type Computation, openRun, regularizersOf } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs';
import type { Step } from './models.ts';

const EPOCH = 0;

/** Categorical cross-entropy of a model's one output. Owns the model, the optimizer and the data. */
export function fitStep(
  model: tf.LayersModel,
  optimizer: tf.Optimizer,
  data: { readonly x: tf.Tensor; readonly y: tf.Tensor },
  plugins: Plugins = [],
): Step {
  const run = openRun(model, [plugins], { host: 'fit', optimizer, seed: 7, epoch: () => EPOCH });
  const variables = run.weights.filter(w => w.trainable).map(w => w.variable);
  const batch: Batch = { x: { input: data.x }, y: { output: data.y } };
  const rows = data.x.shape[0]!;
  const regularizers = regularizersOf(model);
  const computation: Computation = {
    predict: ({ input }) => ({ output: model.apply(input!, { training: true }) as tf.Tensor }),
    loss: ({ output }, { y }) => tf.mean(tf.metrics.categoricalCrossentropy(y.output!, output!)),
    metrics: () => ({}),
    penalties: () => regularizers.flatMap(penalties => penalties()),
  };
  return {
    run: async () => {
      const at = run.moment('train', { rows: [0, rows] });
      run.begin(at);
      const given = run.batch(batch, at);
      const step = run.takeStep(computation, given, variables, at);
      await step.cost.data();
      run.update(step, at);
      const made = [...Object.values(given).flatMap(tensors => Object.values(tensors) as tf.Tensor[])];
      tf.dispose([step.loss, step.penalty, step.cost, ...made.filter(t => t !== data.x && t !== data.y)]);
    },
    dispose: () => {
      run.dispose();
      model.dispose();
      optimizer.dispose();
      tf.dispose([data.x, data.y]);
    },
  };
}
