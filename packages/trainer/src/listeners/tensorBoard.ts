import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { OptionError, type Weight } from '@keepprob/core';
import { type GrowingFile, openNew } from './growingFile.ts';
import { histogramOf } from './histogram.ts';
import type { RunEvent, RunListener } from './listener.ts';
import { type Summary, startEvent, summaryEvent, versionEvent } from './tfEvents.ts';

export interface TensorBoardOptions {
  /** Distributions of the weights after each epoch, or none. 'epoch' by default. */
  readonly histograms?: 'epoch' | false;
  /** More to write after each epoch, by tag: a number is a scalar, a list of numbers a histogram. */
  readonly also?: ((event: RunEvent) => Extra | Promise<Extra>) | undefined;
}
type Extra = Readonly<Record<string, number | ArrayLike<number>>>;

/** The three curves of a log are three runs with one tag, so that they lie in one chart: loss, cleanLoss, valLoss are loss of train, clean, val. */
const curveOf = (name: string): readonly [run: string, name: string] => {
  const [, run, rest] = /^(clean|val)([A-Z].*)$/.exec(name) ?? [];
  return run && rest ? [run, rest.charAt(0).toLowerCase() + rest.slice(1)] : ['train', name];
};

/** Those of `curveOf`. */
const RUNS = ['train', 'clean', 'val'];

/** A file of its own for each writer, also for threads of one process within a second. TensorBoard reads them in the order of their names. */
function newFile(folder: string, time: number): GrowingFile {
  const name = `events.out.tfevents.${String(Math.floor(time)).padStart(10, '0')}.${hostname()}.${process.pid}`;
  for (let number = 0; ; number++) {
    const file = openNew(join(folder, `${name}.${String(number).padStart(3, '0')}`));
    if (file) return file;
  }
}

/**
 * Event files for TensorBoard, in `directory`/train, /clean and /val: `step/cost`, … of every update, `epoch/loss`, … of every epoch, and
 * `weights/0-Dense/kernel`, … as histograms. A run takes the place of what was written there beyond its first step: one that begins anew of all.
 *
 * `tensorBoard('runs/mnist')`, then `tensorboard --logdir runs`. The effective λ of every weight, with `@keepprob/lens`:
 * `also: async () => Object.fromEntries((await effectiveL2(model, data)).sites.map(s => [`lambda/${s.name}`, s.lambda ?? []]))`.
 */
export function tensorBoard(directory: string, options: TensorBoardOptions = {}): RunListener {
  const { histograms = 'epoch', also } = options;
  if (histograms !== 'epoch' && histograms !== false)
    throw OptionError.of('tensorBoard', 'histograms', "'epoch' or false", histograms);
  let open = new Map<string, GrowingFile>();
  /** Updates done when the run began. */
  let begun = 0;

  const close = (): void => {
    for (const file of open.values()) file.close();
    open = new Map();
  };

  const fileOf = (run: string, time: number): GrowingFile => {
    const known = open.get(run);
    if (known) return known;
    const file = newFile(join(directory, run), time);
    open.set(run, file);
    file.write(versionEvent(time));
    // what was written before ends here; where the run begins anew, at step 0, all of it goes
    file.write(startEvent({ time, step: begun && begun + 1 }));
    return file;
  };

  const scalars = ({ type, step, logs }: RunEvent, time: number): void => {
    const runs = new Map<string, Summary[]>();
    for (const [log, value] of Object.entries(logs)) {
      const [run, name] = curveOf(log);
      runs.set(run, [...(runs.get(run) ?? []), [`${type}/${name}`, value]]);
    }
    for (const [run, summaries] of runs) fileOf(run, time).write(summaryEvent({ time, step }, summaries));
  };

  const distributions = async (weights: readonly Weight[], step: number, time: number): Promise<void> => {
    for (const { path, variable } of weights) {
      const histogram = histogramOf(await variable.data());
      if (histogram) fileOf('train', time).write(summaryEvent({ time, step }, [[`weights/${path}`, histogram]]));
    }
  };

  const more = (extra: Extra, step: number, time: number): void => {
    const summaries = Object.entries(extra).flatMap(([tag, value]): Summary[] => {
      const summary = typeof value === 'number' ? value : histogramOf(value);
      return summary === undefined ? [] : [[tag, summary]];
    });
    if (summaries.length) fileOf('train', time).write(summaryEvent({ time, step }, summaries));
  };

  const listen = async (event: RunEvent): Promise<void> => {
    const { type, step, weights } = event;
    const time = Date.now() / 1000;
    if (type === 'begin') {
      close();
      begun = step;
      // curves that a new run will not have go, too
      if (begun === 0) for (const run of RUNS) if (existsSync(join(directory, run))) fileOf(run, time);
    }
    if (type === 'step' || type === 'epoch') scalars(event, time);
    if (type === 'epoch' && histograms && weights) await distributions(weights, step, time);
    if (type === 'epoch' && also) more(await also(event), step, time);
  };
  return Object.assign(listen, { close });
}
