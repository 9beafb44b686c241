import type * as tf from '@tensorflow/tfjs-core';
import type { Batch, Logs, Plugins, State, Verdict, Weight } from '../contract.ts';
import { randomSeed } from '../layer/forwardContext.ts';
import { PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { checkArgument } from '../options/options.ts';
import { AttachedOptimizer } from '../run/attachedOptimizer.ts';
import type { Trained } from '../run/known.ts';
import { openRun } from '../run/run.ts';
import { seeded } from '../run/seeded.ts';
import { batchArgument, functionArgument, logsArgument, type Stand, standArgument } from './loopArguments.ts';

/** Options of `trainingLoop`, if an optimizer alone is not enough. */
export interface TrainingLoopOptions {
  /** The optimizer that makes the updates. */
  readonly optimizer: tf.Optimizer;
  /** The seed for layers and plugins without their own. Random by default. */
  readonly seed?: number;
}

/** Plugins in a loop that you write. */
export interface TrainingLoop {
  /**
   * `minimize(() => loss, returnCost, loop.variables)` makes an update with all hooks of the plugins; so does `computeGradients` followed by `applyGradients`.
   * Without a list of variables, TF.js trains every variable that the loss depends on, including those of other models.
   */
  readonly optimizer: tf.Optimizer;
  /** The variables that the loop trains: the trainable variables of the model, or the given ones. */
  readonly variables: tf.Variable[];
  /** All weights, with path, role and layer, as plugins see them. */
  readonly weights: readonly Weight[];
  /** Number of updates done. */
  readonly step: number;
  /** Number of epochs done; `epochEnd` counts them. */
  readonly epoch: number;
  /** The batch as changed by plugins such as mixup; tensors by input and output name. Shapes and dtypes stay the same. Dispose new tensors in the result yourself. */
  batch(batch: Batch): Batch;
  /** Runs `f` on the weights that plugins such as `ema` want evaluated, and then restores the trained ones, even after an error. */
  evaluating<T>(f: () => T | Promise<T>): Promise<T>;
  /**
   * Ends an epoch: plugins such as early stopping, plateaus and averages get these logs, by the names that they monitor, such as `valLoss`.
   * @returns `stop`, the reason in words, if one of them wants training to end
   */
  epochEnd(logs?: Logs): Verdict;
  /** Ends training: plugins set their final weights, such as the best or the averaged ones. */
  end(): void;
  /** The state of the plugins, to be saved with weights and optimizer. Dispose the tensors yourself. */
  state(): State | undefined;
  /** Resumes from the point after `step` updates and `epoch` epochs. */
  restore(at: Stand): void;
  /** Disposes the tensors of the plugins; optimizer and weights stay. */
  dispose(): void;
}

/**
 * Plugins in a training loop that you write yourself: GANs, reinforcement learning, variables without a model.
 *
 * A model determines the random streams of its layer plugins and the role of each weight. Variables are given by name: one of rank 2 or more is a kernel,
 * others are biases, unless `{ variable, role, fanInAxes }` says otherwise. Plugins that replace the step (`sam`, `rDrop`, …) need `fit` of
 * `@keepprob/trainer`.
 * @example
 * const loop = trainingLoop(model, tf.train.adam(1e-3), l2(1e-4), clipNorm(1), ema(0.99));
 * const lossOf = training => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training }));
 * for (let step = 0; step < 10; step++) loop.optimizer.minimize(() => lossOf(true), false, loop.variables);
 * const valLoss = await loop.evaluating(() => lossOf(false).dataSync()[0]);
 * const { stop } = loop.epochEnd({ valLoss });
 * loop.end();
 * @throws OptionError if the model is not built, or for something that is not a variable; PluginError for a plugin that needs `fit`
 */
export function trainingLoop(
  trained: Trained,
  optimizer: tf.Optimizer | TrainingLoopOptions,
  ...plugins: readonly Plugins[]
): TrainingLoop {
  const { optimizer: inner, seed = randomSeed() } = seeded('trainingLoop', optimizer);
  let epoch = 0;
  let batched = false;
  let disposed = false;
  const run = openRun(trained, plugins, { host: 'loop', optimizer: inner, seed, epoch: () => epoch });
  const check = (): void => {
    if (disposed) throw new PluginError(messages.disposed('this loop'));
    const [plugin] = run.having('batch');
    if (plugin !== undefined && !batched)
      throw new PluginError(messages.needsLoopBatch(plugin), { plugin, hook: 'batch' });
  };
  return {
    optimizer: new AttachedOptimizer(inner, { run, check }),
    get variables() {
      return run.known.trainable;
    },
    get weights() {
      return run.weights;
    },
    get step() {
      return run.step;
    },
    get epoch() {
      return epoch;
    },
    batch(batch) {
      checkArgument('loop.batch', 'batch', batchArgument, batch);
      batched = true;
      const rows = Object.values(batch.x)[0]?.shape[0] ?? 0;
      return run.batch(batch, run.moment('train', { rows: [0, rows] }));
    },
    async evaluating(f) {
      checkArgument('loop.evaluating', 'f', functionArgument, f);
      return run.evaluating(run.moment('evaluate'), async () => f());
    },
    epochEnd(logs = {}) {
      checkArgument('loop.epochEnd', 'logs', logsArgument, logs);
      const verdict = run.epochEnd(logs, run.moment('evaluate'));
      epoch++;
      return verdict;
    },
    end: () => run.end(),
    state: () => run.state(),
    restore(at) {
      checkArgument('loop.restore', 'at', standArgument, at);
      run.restore(at.step, at.state);
      epoch = at.epoch;
    },
    dispose() {
      if (!disposed) run.dispose();
      disposed = true;
    },
  };
}
