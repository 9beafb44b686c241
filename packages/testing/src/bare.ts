/** Training with a bare loop: in one go, next to another run, or interrupted and resumed. */
import type { Plugins } from '@keepprob/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type BareOptions, BareRun } from './bareRun.ts';

/** A model and the plugins it is trained with. */
export interface Trained {
  readonly model: LayersModel;
  readonly plugins: readonly Plugins[];
}

/** Trains with a bare loop that calls the hooks of a run. Returns the weights. */
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

/** Trains several models in turns, one update each. Returns the weights of each. */
export function trainInTurns(all: readonly Trained[], options: BareOptions = {}): number[][] {
  const runs = all.map(({ model, plugins }) => new BareRun(model, plugins, options));
  try {
    while (runs.some(run => !run.done)) for (const run of runs) if (!run.done) run.step();
    return runs.map(run => run.finish());
  } finally {
    for (const run of runs) run.dispose();
  }
}

/** Interrupts a run after `after` updates and resumes it with a new model and new values of the plugins. Returns the weights. */
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
