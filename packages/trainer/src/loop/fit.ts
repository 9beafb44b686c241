import { PluginError } from '@keepprob/core';
import {
  breathe,
  type Computation,
  checkModel,
  checkOptimizer,
  checkOptions,
  openRun,
  type Run,
  type TakePass,
  takeStep,
} from '@keepprob/core/driver';
import { randomSeed } from '@keepprob/core/layers';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { openSaving } from '../checkpoint/saving.ts';
import { disposeBatch, type OwnedBatch } from '../data/arrays.ts';
import { layoutOf } from '../data/layout.ts';
import { checkOrder, describe, openSource, type Source, stepsOf, type TrainingData } from '../data/source.ts';
import { type Audience, openAudience } from '../listeners/audience.ts';
import type { FitEvent } from '../listeners/progress.ts';
import * as messages from '../messages.ts';
import { Averages } from '../objective/averages.ts';
import { cleanOrder, devCurve, evaluate, evaluationOrder, limits, prefixed } from '../objective/evaluate.ts';
import { resolveObjective } from '../objective/losses.ts';
import { computationOf } from '../objective/objective.ts';
import { classWeights, type FitOptions, fitOptions, resolveShortcuts } from '../options.ts';
import { interruptions } from './interruptions.ts';
import { alone, type Partnership } from './partner.ts';
import { prefetch } from './prefetch.ts';

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
export function fit(model: LayersModel, data: TrainingData, options: FitOptions): Promise<FittedRun> {
  return fitWith(alone(), model, data, options);
}

/** `fit` in one worker of several, or in one that is replaced when it dies. */
export async function fitWith(
  partnership: Partnership,
  model: LayersModel,
  data: TrainingData,
  options: FitOptions,
): Promise<FittedRun> {
  const checked = resolveShortcuts(checkOptions<FitOptions>('fit', fitOptions, options));
  const { epochs, batchSize, shuffle, validation, plugins, onYield } = checked;
  const { causes, until } = interruptions(checked);
  const partner = partnership(causes);
  checkModel(model);
  const classWeight = classWeights(model.outputNames, checked.classWeight);
  const objective = resolveObjective(model, checked);
  const { optimizer } = objective;
  checkOptimizer(optimizer);
  const layout = layoutOf(model, objective);
  const sources: Source[] = [];
  const history: Record<string, number[]> = {};
  let epoch = 0;
  let run: Run | undefined;
  let audience: Audience | undefined;
  let stopped: string | undefined;

  try {
    const saving = await openSaving(checked.checkpoint, checked.resume, partner);
    const seed = checked.seed ?? saving.seed ?? partner.seed ?? randomSeed();
    const train = await openSource('training data', data, layout);
    sources.push(train);
    const dev = checked.overfitBatches
      ? train
      : validation && (await openSource('validation data', validation, layout));
    if (dev) sources.push(dev);
    run = openRun(model, plugins, { host: 'fit', optimizer, seed, epoch: () => epoch });
    const variables = run.weights.filter(w => w.trainable).map(w => w.variable);
    const computation = computationOf(model, objective, classWeight);
    const clean = cleanOrder(train, checked);
    const order = { batchSize, dropLast: checked.dropLast, ...limits(train, checked) };
    checkOrder(train, order);

    // where the run begins, or goes on
    const { loss, metrics, trainEvaluation } = checked;
    const aims = { loss, metrics, lossWeights: objective.lossWeights, classWeight };
    const dataAre = async () => ({ ...(await describe(train, dev)), trainEvaluation, shuffle, ...order });
    const begun = await saving.begin({ model, run, optimizer, plugins, aims, data: dataAre });
    partner.align(run.weights);
    for (const [name, values] of Object.entries(begun.history)) history[name] = [...values];
    let { stepInEpoch } = begun;
    let averages = new Averages(begun.averages);
    epoch = begun.epoch;
    stopped = begun.stopped ?? undefined;
    // the passes of the epochs before: training, evaluation, and as dev data of itself
    await train.leaveOut(epoch * (1 + Number(clean !== undefined) + Number(dev === train)));
    if (dev !== train) await dev?.leaveOut(epoch);
    audience = await openAudience(checked.progress, checked.listeners, run.weights);
    const { tell } = audience;
    const about = { epochs, stepsPerEpoch: stepsOf(train, order) };
    await tell({ type: 'begin', epoch, step: run.step, logs: {}, ...about });

    for (; epoch < epochs && stopped === undefined; epoch++) {
      const batches = train.batches({
        ...order,
        epoch,
        skip: stepInEpoch,
        ...(shuffle && { shuffle: { seed } }),
        ...(partner.isFree && { until }),
      });
      for await (const given of prefetch(batches, checked.prefetch, disposeBatch)) {
        stopped = partner.interrupted();
        if (stopped !== undefined) {
          disposeBatch(given);
          break;
        }
        try {
          const logs = await update(run, given, { computation, variables, take: partner.take });
          averages.add(given.rows, logs);
          stepInEpoch++;
          // told first: killed in between, it is told once more, and nothing is missing
          const done: FitEvent = { type: 'step', epoch, step: run.step, logs, ...about };
          await tell(done);
          if (saving.due(run.step)) {
            await saving.save({ epoch, stepInEpoch, history, averages: averages.state(), stopped: null });
          }
          if (await breathe()) await onYield?.(done);
        } finally {
          disposeBatch(given);
        }
      }
      if (stopped !== undefined) {
        await saving.save({ epoch, stepInEpoch, history, averages: averages.state(), stopped: null });
        break;
      }

      // both curves with dropout off: only those can be compared
      const at = run.moment('evaluate');
      const logs = averages.means();
      const measured = await run.evaluating(at, async () => {
        if (clean) Object.assign(logs, prefixed('clean', await evaluate(model, objective, train, { ...clean, epoch })));
        if (dev) {
          const order = { ...evaluationOrder(dev, checked), epoch };
          Object.assign(logs, await devCurve(model, objective, dev, order, run!, at));
        }
        return saving.measured();
      });
      for (const [name, value] of Object.entries(logs)) {
        history[name] = [...(history[name] ?? []), value];
      }
      stopped = run.epochEnd(logs, at).stop;
      stepInEpoch = 0;
      averages = new Averages();
      await tell({ type: 'epoch', epoch, step: run.step, logs, ...about });
      await saving.save({ epoch: epoch + 1, stepInEpoch, history, averages: null, stopped: stopped ?? null }, measured);
      // what comes after the last one stops nothing
      if (epoch + 1 < epochs) stopped ??= partner.interrupted();
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
      run?.end();
    } finally {
      run?.dispose();
      for (const source of sources) source.dispose();
      if (objective.ownsOptimizer) optimizer.dispose();
      await audience?.leave();
    }
  }
}

/** One update: the batch as plugins leave it, forward, J and its gradients, the doors of the update. Gives what was measured in training mode. */
async function update(
  run: Run,
  given: OwnedBatch,
  { computation, variables, take }: Stepping,
): Promise<Record<string, number>> {
  const at = run.moment('train', { rows: [0, given.rows] });
  const made: tf.Tensor[] = [];
  try {
    run.begin(at);
    const batch = run.batch(given, at);
    made.push(...tensorsOf(batch));
    const step = takeStep(run, computation, batch, variables, run.moment('train', { rows: at.rows }), take);
    const { loss, penalty, cost, metrics, gradients } = step;
    made.push(loss, penalty, cost, ...Object.values(metrics));
    const scalars = Object.entries({ cost, loss, penalty, ...metrics });
    const values = scalars.map(async ([name, t]) => [name, (await t.data())[0] as number] as const);
    const logs: Record<string, number> = Object.fromEntries(await Promise.all(values));

    // a J that is no number must not reach the weights
    if (!Number.isFinite(logs.cost)) {
      tf.dispose([...gradients.values()]);
      throw new PluginError(messages.notFinite('the cost J', logs.cost as number, run.step, at.epoch));
    }
    run.update(step, at);
    return logs;
  } finally {
    tf.dispose(made);
  }
}

/** How the steps of a run are taken. */
interface Stepping {
  readonly computation: Computation;
  readonly variables: readonly tf.Variable[];
  readonly take: TakePass;
}

/** Tensors that plugins made for a batch; disposing those that were given a second time does no harm. */
const tensorsOf = (batch: object): tf.Tensor[] =>
  Object.values(batch).flatMap(tensors =>
    typeof tensors === 'object' ? (Object.values(tensors ?? {}) as tf.Tensor[]) : [],
  );
