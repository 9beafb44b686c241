/** Computes one unit: a trial on one fold with one seed. All engines use this code, in every process. */
import { logName, weightsOf } from '@keepprob/core';
import { checkLog } from '@keepprob/core/driver';
import { DROPOUT_KERNEL } from '@keepprob/core/kernels';
import { type ArrayData, type FitOptions, fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Job, Pool, Split, Table, Task, Training, Trial, UnitResult } from '../contract.ts';
import { disposeArrays, rowsOf, tensorsOf } from '../data/table.ts';
import { TrialError } from '../errors.ts';
import * as messages from '../messages.ts';
import { fitted } from '../splits/scaling.ts';
import { EpochWatch } from './measuredEpoch.ts';
import { seeded } from './seeded.ts';
import { withoutValidation } from './withoutValidation.ts';

type During = Parameters<Pool['run']>[1];
type Measured = Pick<UnitResult, 'value' | 'train' | 'epochs' | 'curve'>;

/**
 * Trains and measures. The value is that of the weights that `fit` ends with: the last ones, or those restored by early stopping.
 * @throws TrialError for any error that the trial throws, and for a value that is not finite; the reason of `signal`
 */
export async function compute(
  trial: Trial,
  task: Task,
  { unit, values, epochs }: Job,
  during: During,
): Promise<UnitResult> {
  const began = performance.now();
  const split = task.splits[unit.fold];
  if (!split) throw new RangeError(messages.noSuchFold(unit.fold, task.splits.length));
  const { signal } = during;
  try {
    signal.throwIfAborted();
    const measured = await onFold(task, split, async (train, validation) => {
      const context = { seed: unit.seed, fold: unit.fold, split, train, validation, signal };
      const made = await seeded(unit.seed, () => trial(values, context));
      if (typeof made === 'number') return { value: made, train: null, epochs: 1, curve: [] };
      const { model, options } = checked(made);
      const fixed = epochs !== undefined && { epochs, plugins: withoutValidation(options.plugins ?? []) };
      return trained(model, train, { ...options, ...fixed, seed: unit.seed, validation }, task.metric, during);
    });
    signal.throwIfAborted();
    if (!Number.isFinite(measured.value)) throw new TrialError(messages.notFinite(task.metric, measured.value));
    const seconds = (performance.now() - began) / 1000;
    return { ...unit, ...measured, seconds, backend: backendInUse() };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TrialError) throw error;
    throw new TrialError(error instanceof Error ? error.message : String(error), error);
  }
}

/** @throws TrialError for a value that is not a training */
export function checked(made: unknown): Training {
  const { model, options } = Object(made) as Partial<Training>;
  if (!model || !options) throw new TrialError(messages.noTraining(made));
  return { model, options };
}

/** Calls `f` with both parts of the fold as tensors, which are disposed afterwards. */
async function onFold<T>(
  { table, scale }: Task,
  split: Split,
  f: (train: ArrayData, validation: ArrayData) => Promise<T>,
): Promise<T> {
  const asGiven = { train: rowsOf(table, split.train), validation: rowsOf(table, split.validation) };
  const parts = scale === null ? asGiven : fitted(scale, asGiven);
  const lent: ArrayData[] = [];
  const lend = (part: Table): ArrayData => {
    const arrays = tensorsOf(part);
    lent.push(arrays);
    return arrays;
  };
  try {
    return await f(lend(parts.train), lend(parts.validation));
  } finally {
    lent.forEach(disposeArrays);
  }
}

async function trained(
  model: LayersModel,
  data: ArrayData,
  options: FitOptions,
  metric: string,
  { signal, onEpoch }: During,
): Promise<Measured> {
  const watch = new EpochWatch();
  const { plugins = [], optimizer } = options;
  const log = logName(metric);
  try {
    const run = await fit(model, data, {
      ...options,
      plugins: [...plugins, watch.plugin],
      ...{ signal, validationSplit: null, resume: false, checkpoint: null },
      progress: ({ type, epoch, logs }) => {
        if (type === 'epoch') onEpoch?.(epoch + 1, logs[log] ?? Number.NaN);
      },
    });
    signal.throwIfAborted();
    checkLog('search', 'metric', metric, Object.keys(run.history));
    const epochs = await watch.epoch();
    const curveOf = (name: string): readonly number[] => run.history[name] ?? [];
    const curve = curveOf(log);
    const train = curveOf(log.replace(/^val/, 'clean'))[epochs - 1] ?? null;
    return { value: curve[epochs - 1] ?? Number.NaN, train, epochs, curve };
  } finally {
    watch.dispose();
    tf.dispose(weightsOf(model).map(({ variable }) => variable));
    if (typeof optimizer !== 'string') optimizer.dispose();
  }
}

/** The backend and kernels in use, in words. */
function backendInUse(): string {
  const backend = tf.getBackend();
  return backend && tf.getKernel(DROPOUT_KERNEL, backend) ? `${backend}, kernels of @keepprob/kernels` : backend;
}
