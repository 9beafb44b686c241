/** Trains the chosen values again on all rows. */
import { weightsOf } from '@keepprob/core';
import { mean } from '@keepprob/lens/statistics';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { FoldAndSeed } from '../choice/confirm.ts';
import type { Split } from '../contract.ts';
import { disposeArrays, tensorsOf } from '../data/table.ts';
import { checked } from '../engines/compute.ts';
import { seeded } from '../engines/seeded.ts';
import { trialOf } from '../engines/trialOf.ts';
import { withoutValidation } from '../engines/withoutValidation.ts';
import { fitted, type Scaling } from '../splits/scaling.ts';
import type { TrialState } from './ledger.ts';
import { seedOfFold } from './seeds.ts';
import { type Study, valuesAt } from './study.ts';

export interface Refitted {
  readonly model: LayersModel;
  readonly epochs: number;
  readonly scaling: Scaling | null;
}

/** The mean of the epochs whose weights were measured. */
export const epochsOf = ({ units }: TrialState, pairs: readonly FoldAndSeed[]): number =>
  Math.max(1, Math.round(mean(units.of(pairs).map(({ epochs }) => epochs))));

/**
 * Trains for the mean number of epochs that the units took to their measured weights. There are no validation rows any more, so plugins that watch their
 * logs, such as early stopping, do nothing.
 * @returns null for a trial that trains the model itself, whose units have no curves, and if `signal` aborts
 */
export async function refit(study: Study, chosen: TrialState, pairs: readonly FoldAndSeed[]): Promise<Refitted | null> {
  const { task, signal } = study;
  const { table, scale } = task;
  if (chosen.units.of(pairs).every(({ curve }) => curve.length === 0)) return null;
  const epochs = epochsOf(chosen, pairs);
  // loading the module also registers its backend
  const trial = await trialOf(task.trial);
  const all = Int32Array.from({ length: table.count }, (_, i) => i);
  const split: Split = { repeat: 0, fold: 0, train: all, validation: all };
  const scaled = scale === null ? null : fitted(scale, { train: table, validation: table });
  const data = tensorsOf(scaled?.train ?? table);
  const seed = seedOfFold(study.seed, 0);
  try {
    const context = { seed, fold: -1, split, train: data, validation: data, signal };
    const made = await seeded(seed, () => trial(valuesAt(study, chosen.point), context));
    if (typeof made === 'number') return null;
    const { model, options } = checked(made);
    const plugins = withoutValidation(options.plugins ?? []);
    const none = { validation: null, validationSplit: null, resume: false, checkpoint: null, progress: false } as const;
    const run = await fit(model, data, { ...options, ...none, plugins, epochs, seed, signal });
    if (typeof options.optimizer !== 'string') options.optimizer.dispose();
    if (run.stopped !== 'aborted') return { model, epochs, scaling: scaled?.scaling ?? null };
    tf.dispose(weightsOf(model).map(({ variable }) => variable));
    return null;
  } finally {
    disposeArrays(data);
  }
}
