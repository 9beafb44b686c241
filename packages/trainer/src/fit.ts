import { messages, PluginError } from '@keepprob/core';
import { checkModel, checkOptimizer, checkOptions, openRun, takeStep } from '@keepprob/core/driver';
import { randomSeed } from '@keepprob/core/layers';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { disposeBatch } from './arrays.ts';
import { Averages } from './averages.ts';
import { breathe } from './breathe.ts';
import { layoutOf } from './check.ts';
import { type Order, openSource, type Source, stepsOf, type TrainingData } from './data.ts';
import { evaluate, prefixed } from './evaluate.ts';
import { resolveObjective } from './losses.ts';
import { computationOf, regularizersOf } from './objective.ts';
import { classWeights, type FitOptions, fitOptions, resolveShortcuts } from './options.ts';
import { prefetch } from './prefetch.ts';
import { type Display, displayOf } from './progress.ts';

/** What `fit` returns. */
export interface FittedRun {
  /**
   * One number per epoch: `loss` (data loss), `penalty`, `cost` = J and each metric, as trained on; `cleanLoss`, … on the training data with
   * dropout off; `valLoss`, `valPenalty`, `valCost`, … on the dev data.
   */
  readonly history: Readonly<Record<string, readonly number[]>>;
  /** The generalization gap valLoss − cleanLoss of the last epoch; NaN without dev data or without trainEvaluation. */
  readonly gap: number;
  /** Why training ended before its last epoch. */
  readonly stopped: string | undefined;
  readonly epochs: number;
  readonly steps: number;
  readonly seed: number;
}

/** Rows of the training data that are evaluated with dropout off, unless `trainEvaluation` says otherwise. */
const TRAIN_EVALUATION_ROWS = 10_000;
/** Rows per forward pass of an evaluation, at least: no gradient is kept, and small batches halve the speed of small nets. */
const EVALUATION_BATCH = 256;

/**
 * Trains a model: J = loss + Σ penalties, gradients, update, through every door of the plugins.
 * @example
 * const run = await fit(model, { x, y }, {
 *   loss: 'categoricalCrossentropy', optimizer: tf.train.adam(1e-3), epochs: 20, batchSize: 128, seed: 7,
 *   validation: { x: xDev, y: yDev }, metrics: ['accuracy'],
 *   plugins: [l2(1e-4), maxNorm(3), earlyStopping({ patience: 3 })],
 * });
 * run.history.valLoss; run.gap;
 * @throws OptionError, DataError before anything happens; PluginError for a hook that fails, and when J is NaN or infinite, before
 * the update that would have spoiled the weights. The model keeps the weights it has then, or those that the plugins restore.
 */
export async function fit(model: LayersModel, data: TrainingData, options: FitOptions): Promise<FittedRun> {
  const checked = resolveShortcuts(checkOptions<FitOptions>('fit', fitOptions, options));
  const { epochs, batchSize, shuffle, validation, plugins, trainEvaluation } = checked;
  const interrupted = interruption(checked);
  const seed = checked.seed ?? randomSeed();
  const evaluationBatch = Math.max(batchSize, EVALUATION_BATCH);
  const classWeight = checked.classWeight ? classWeights(checked.classWeight) : undefined;
  checkModel(model);
  const objective = resolveObjective(model, checked);
  const { optimizer } = objective;
  checkOptimizer(optimizer);
  const layout = layoutOf(model, objective);
  const sources: Source[] = [];
  let epoch = 0;
  let run: ReturnType<typeof openRun> | undefined;
  let display: Display | undefined;
  let stopped: string | undefined;
  const history: Record<string, number[]> = {};

  try {
    const train = await openSource('training data', data, layout);
    sources.push(train);
    const dev = checked.overfitBatches
      ? train
      : validation && (await openSource('validation data', validation, layout));
    if (dev) sources.push(dev);
    run = openRun(model, plugins, { host: 'fit', optimizer, seed, epoch: () => epoch });
    const variables = run.weights.filter(w => w.trainable).map(w => w.variable);
    const computation = computationOf(model, objective, classWeight);
    display = await displayOf(checked.progress);
    const { tell } = display;
    const order = { batchSize, dropLast: checked.dropLast, ...limits(train, checked) };
    const about = { epochs, stepsPerEpoch: stepsOf(train, order) };
    await tell({ type: 'begin', epoch, step: 0, logs: {}, ...about });

    for (; epoch < epochs && stopped === undefined; epoch++) {
      const averages = new Averages();
      let complete = true;

      const batches = train.batches({ ...order, ...(shuffle && { shuffle: { seed, epoch } }) });
      for await (const given of prefetch(batches, checked.prefetch, disposeBatch)) {
        stopped = interrupted();
        if (stopped !== undefined) {
          disposeBatch(given);
          complete = false;
          break;
        }
        const at = run.moment('train', { rows: [0, given.rows] });
        const made: tf.Tensor[] = [];
        try {
          run.begin(at);
          const batch = run.batch(given, at);
          made.push(...tensorsOf(batch));

          // forward, J and its gradients
          const step = takeStep(run, computation, batch, variables, at);
          const { loss, penalty, cost, metrics, gradients } = step;
          made.push(loss, penalty, cost, ...Object.values(metrics));
          const named = { cost, loss, penalty, ...metrics };
          const names = Object.keys(named);
          const values = await Promise.all(Object.values(named).map(async t => (await t.data())[0] as number));
          const logs = Object.fromEntries(names.map((name, i) => [name, values[i] as number]));

          // a J that is no number must not reach the weights
          if (!Number.isFinite(logs.cost)) {
            tf.dispose([...gradients.values()]);
            throw new PluginError(messages.notFinite('the cost J', logs.cost as number, run.step, epoch));
          }
          run.update(step, at);
          averages.add(given.rows, logs);
          await tell({ type: 'step', epoch, step: run.step, logs, ...about });
        } finally {
          disposeBatch(given);
          tf.dispose(made);
        }
        await breathe();
      }
      if (!complete) break;

      // both curves with dropout off: only those can be compared
      const at = run.moment('evaluate');
      const logs = averages.means();
      await run.evaluating(at, async () => {
        if (trainEvaluation !== false && train.repeatable) {
          const { limit = Infinity, ...rest } = limits(train, checked);
          const rows = Math.min(limit, trainEvaluation === true ? TRAIN_EVALUATION_ROWS : trainEvaluation);
          const clean = await evaluate(model, objective, train, { batchSize: evaluationBatch, ...rest, limit: rows });
          Object.assign(logs, prefixed('clean', clean));
        }
        if (dev) {
          const { loss, ...metrics } = await evaluate(model, objective, dev, {
            batchSize: evaluationBatch,
            ...limits(dev, checked),
          });
          const penalty = penaltyOf(model, () => run!.penalty(at));
          Object.assign(
            logs,
            prefixed('val', { loss: loss as number, penalty, cost: (loss as number) + penalty, ...metrics }),
          );
        }
      });
      for (const [name, value] of Object.entries(logs)) {
        history[name] = [...(history[name] ?? []), value];
      }
      stopped = run.epochEnd(logs, at).stop;
      await tell({ type: 'epoch', epoch, step: run.step, logs, ...about });
      stopped ??= interrupted();
    }
    await tell({ type: 'end', epoch, step: run.step, logs: {}, stopped, ...about });
    return {
      history,
      gap: (history.valLoss?.at(-1) ?? Number.NaN) - (history.cleanLoss?.at(-1) ?? Number.NaN),
      stopped,
      epochs: history.cost?.length ?? 0,
      steps: run.step,
      seed,
    };
  } finally {
    try {
      display?.stop();
      run?.end();
    } finally {
      run?.dispose();
      for (const source of sources) source.dispose();
      if (objective.ownsOptimizer) optimizer.dispose();
    }
  }
}

/** Why training should end before its time, in words. */
function interruption({ signal, maxTime }: Pick<Required<FitOptions>, 'signal' | 'maxTime'>): () => string | undefined {
  const end = performance.now() + (maxTime ?? Infinity);
  return () => {
    if (signal?.aborted) return 'aborted';
    return performance.now() >= end ? `the ${maxTime} ms of maxTime are over` : undefined;
  };
}

/** `limitBatches` of the training batches, as rows where rows are known: evaluation has batches of another size. */
const limits = (
  { rows }: Source,
  { limitBatches, batchSize }: Pick<Required<FitOptions>, 'limitBatches' | 'batchSize'>,
): Pick<Order, 'limit' | 'limitBatches'> => {
  if (limitBatches === null) return {};
  return rows === undefined ? { limitBatches } : { limit: limitBatches * batchSize };
};

/** Plugins' penalties and layers' own regularizers, as a number. */
function penaltyOf(model: LayersModel, ofPlugins: () => tf.Tensor): number {
  return tf.tidy(
    () =>
      regularizersOf(model)
        .reduce((sum, p) => tf.add(sum, p), ofPlugins())
        .dataSync()[0] as number,
  );
}

/** Tensors that plugins made for a batch; disposing those that were given a second time does no harm. */
const tensorsOf = (batch: object): tf.Tensor[] =>
  Object.values(batch).flatMap(tensors =>
    typeof tensors === 'object' ? (Object.values(tensors ?? {}) as tf.Tensor[]) : [],
  );
