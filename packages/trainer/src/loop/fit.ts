import { type Moment, PluginError } from '@keepprob/core';
import { breathe, checkModel, messages } from '@keepprob/core/driver';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { disposeBatch } from '../data/arrays.ts';
import type { TrainingData } from '../data/given.ts';
import { stepsOf } from '../data/order.ts';
import { checkKind } from '../data/source.ts';
import type { FitEvent } from '../listeners/progress.ts';
import { evaluate, prefixed, validationCurve } from '../objective/evaluate.ts';
import { namesOfLogs } from '../objective/logNames.ts';
import { resetStates } from '../objective/stateful.ts';
import type { FitOptions } from '../options.ts';
import { onlyRunOf } from './oneRun.ts';
import { alone, type Partnership } from './partner.ts';
import { prefetch } from './prefetch.ts';
import { openSession, type Session } from './session.ts';
import { update } from './update.ts';
import { isEvaluated } from './validationFreq.ts';

/** What `fit` returns. */
export interface FittedRun {
  /**
   * One number per epoch: `loss` (data loss), `penalty`, `cost` = J and each metric, as trained on; `cleanLoss`, … on the training data with dropout off;
   * `valLoss`, `valPenalty`, `valCost`, … on the validation data, NaN for epochs that `validationFreq` leaves out.
   */
  readonly history: Readonly<Record<string, readonly number[]>>;
  /** The generalization gap valLoss − cleanLoss, from the last epoch whose validation data were evaluated; NaN without validation data or without trainEvaluation. */
  readonly gap: number;
  /** Why training ended before its last epoch; undefined if it did not. */
  readonly stopped: string | undefined;
  /** Epochs done. */
  readonly epochs: number;
  /** Updates done. */
  readonly steps: number;
  /** The seed: pass it to `fit` to repeat the run. */
  readonly seed: number;
}

/**
 * Trains a model: J = loss + Σ penalties, gradients and update, with all hooks of the plugins.
 * @example
 * const run = await fit(model, { x, y }, {
 *   loss: 'categoricalCrossentropy', optimizer: tf.train.adam(1e-3), epochs: 20, batchSize: 32, seed: 7,
 *   validation: { x: xValidation, y: yValidation }, metrics: ['accuracy'],
 *   plugins: [l2(1e-4), maxNorm(3), earlyStopping({ patience: 3 })],
 * });
 * run.history.valLoss; // a number for each epoch
 * run.gap; // valLoss − cleanLoss
 * @throws OptionError, DataError before anything happens; PluginError if a hook fails, or if J is NaN or infinite, before the update that would have spoiled the
 * weights; BackendError if the WebGL context or the GPU device is lost. The model keeps its current weights, or gets those that the plugins restore.
 */
export function fit(model: LayersModel, data: TrainingData, options: FitOptions): Promise<FittedRun> {
  return fitWith(alone(), model, data, options);
}

/** `fit` in one of several workers, or in a worker that is replaced when it dies. */
export async function fitWith(
  partnership: Partnership,
  model: LayersModel,
  data: TrainingData,
  options: FitOptions,
): Promise<FittedRun> {
  checkModel(model, 'fit');
  checkKind('training data', data);
  return onlyRunOf(model, async () => {
    const session = await openSession(partnership, model, data, options);
    try {
      return await session.watch.unlessLost(train(session));
    } catch (error) {
      if (!session.run.known.disposed) throw error;
      // no matter what failed first
      throw new PluginError(messages.modelDisposed(session.run.step), { cause: error });
    } finally {
      await session.close();
    }
  });
}

async function train(session: Session): Promise<FittedRun> {
  const { options, partner, run, journal, saving, audience } = session;
  await audience.tell(eventOf(session, 'begin'));
  let { stopped } = journal;
  while (journal.epoch < options.epochs && stopped === undefined) {
    stopped = await trainEpoch(session);
    if (stopped !== undefined) {
      await saving.save(journal.position());
      break;
    }
    stopped = await endEpoch(session);
    // an interruption after the last epoch has no effect
    if (journal.epoch < options.epochs) stopped ??= partner.interrupted();
  }
  session.end();
  await audience.tell({ ...eventOf(session, 'end'), stopped });
  const { history } = journal;
  const { valLoss = [], cleanLoss = [] } = history;
  const last = valLoss.findLastIndex((_, epoch) => isEvaluated(options.validationFreq, epoch));
  return {
    history,
    gap: (valLoss[last] ?? Number.NaN) - (cleanLoss[last] ?? Number.NaN),
    stopped,
    epochs: history.cost?.length ?? 0,
    steps: run.step,
    seed: run.seed,
  };
}

/**
 * Runs the updates of the epoch, starting at the run's position in it.
 * @returns why the epoch ended before its last update
 */
async function trainEpoch(session: Session): Promise<string | undefined> {
  const { options, model, partner, until, watch, updates, order, run, stepping, journal, saving, audience } = session;
  resetStates(model);
  const batches = updates.batches({
    ...order,
    epoch: journal.epoch,
    skip: journal.stepInEpoch,
    ...(options.shuffle && { shuffle: { seed: run.seed } }),
    ...(partner.isFree && { until }),
  });
  for await (const given of prefetch(batches, options.prefetch, disposeBatch)) {
    try {
      const interrupted = partner.interrupted();
      if (interrupted !== undefined) return interrupted;
      const logs = await watch.inTime(update(stepping, given), until);
      journal.updated(given.rows, logs);
      // reported before it is saved: after a kill in between, the step is reported again and nothing is missing
      const done = eventOf(session, 'step', logs);
      await audience.tell(done);
      if (saving.due(run.step)) await saving.save(journal.position());
      if (await breathe()) await options.onYield?.(done);
    } finally {
      disposeBatch(given);
    }
  }
  return undefined;
}

/**
 * Evaluates the epoch, asks the plugins whether to stop, reports the epoch and saves. An epoch whose evaluation is cut short is not over: a resumed run evaluates
 * it.
 * @returns why training ends, if a plugin stops it or the evaluation was cut short
 */
async function endEpoch(session: Session): Promise<string | undefined> {
  const { partner, run, journal, saving, audience, validation } = session;
  const at = run.moment('evaluate');
  const logs = journal.means();
  let cut: string | undefined;
  const measured = await run.evaluating(at, async () => {
    const measuredCurves = await curves(session, at, () => {
      cut ??= partner.agreed();
      return cut !== undefined;
    });
    Object.assign(logs, measuredCurves);
    return measuredCurves && saving.measured();
  });
  if (cut !== undefined) {
    await saving.save(journal.position());
    return cut;
  }
  const { stop } = run.epochEnd(logs, at, !validation || hasValidation(session));
  const done = eventOf(session, 'epoch', logs);
  journal.endEpoch(logs, stop);
  await audience.tell(done);
  await saving.save(journal.position(), measured);
  return stop;
}

/** Whether validation data are evaluated at the end of the epoch in progress. */
const hasValidation = ({ options, journal }: Session): boolean => isEvaluated(options.validationFreq, journal.epoch);

/** Both curves with dropout off, since only those can be compared. Undefined if they were cut short. */
async function curves(session: Session, at: Moment, holds: () => boolean): Promise<Record<string, number> | undefined> {
  const { partner, until, train, validation, clean, validationOrder, run, journal } = session;
  const { epoch } = journal;
  const cut = { holds, ...(partner.isFree && { until }) };
  const ofTraining = clean ? await evaluate(session, train, { ...clean, epoch }, cut) : {};
  if (!ofTraining) return undefined;
  const logs = prefixed('clean', ofTraining);
  if (!validation || !validationOrder || !hasValidation(session)) return logs;
  const ofValidation = await validationCurve(session, validation, { ...validationOrder, epoch }, cut, run, at);
  return ofValidation && { ...logs, ...ofValidation };
}

const eventOf = (
  { options, train, validation, objective, order, run, journal }: Session,
  type: FitEvent['type'],
  logs: FitEvent['logs'] = {},
): FitEvent => ({
  type,
  epoch: journal.epoch,
  step: run.step,
  logs,
  epochs: options.epochs,
  stepsPerEpoch: options.stepsPerEpoch ?? stepsOf(train, order),
  ...(type === 'epoch' && validation && options.validationFreq !== 1 && { logNames: namesOfLogs(objective, 'val') }),
});
