/** What comes of training through a bare loop: in one go, beside another run, or interrupted and gone on with. */
import type { Plugins } from '@keepprob/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type BareOptions, BareRun } from './bareRun.ts';

/** A model with the plugins that it is trained with. */
export interface Trained {
  readonly model: LayersModel;
  readonly plugins: readonly Plugins[];
}

/** Epochs through a bare loop over the doors; gives the weights. */
export async function trainBare(
  model: LayersModel,
  plugins: readonly Plugins[],
  options: BareOptions = {},
): Promise<number[]> {
  const run = new BareRun(model, plugins, options);
  try {
    return run.finish();
  } finally {
    run.dispose();
  }
}

/** Runs at once, one update of each after the other; gives the weights of each. */
export function trainInTurns(all: readonly Trained[], options: BareOptions = {}): number[][] {
  const runs = all.map(({ model, plugins }) => new BareRun(model, plugins, options));
  try {
    while (runs.some(run => !run.done)) for (const run of runs) if (!run.done) run.step();
    return runs.map(run => run.finish());
  } finally {
    for (const run of runs) run.dispose();
  }
}

/** A run that is interrupted after so many updates, and gone on with by another model and another value of each plugin; gives the weights. */
export function trainInterrupted(make: () => Trained, after: number, options: BareOptions = {}): number[] {
  const [first, second] = [make(), make()];
  const interrupted = new BareRun(first.model, first.plugins, options);
  let resumed: BareRun | undefined;
  try {
    for (let i = 0; i < after && !interrupted.done; i++) interrupted.step();
    const saved = interrupted.save();
    resumed = new BareRun(second.model, second.plugins, options);
    resumed.restore(saved);
    return resumed.finish();
  } finally {
    interrupted.dispose();
    resumed?.dispose();
  }
}
