import { logName, type Mode, signOf } from '@keepprob/core';
import type { FittedRun } from '@keepprob/trainer';
import type { RunFiles } from './folder.ts';

export interface Ended {
  readonly run: FittedRun;
  /** Epochs that there should be. */
  readonly epochs: number;
  /** The log by which an epoch is the best. */
  readonly monitor: string | null;
  readonly mode: Mode;
  readonly seconds: number;
  /** Undefined where nothing was saved. */
  readonly files: RunFiles | undefined;
  /** Goes on with a run that was interrupted. */
  readonly resume: string | undefined;
}

const written = (value: number): string => value.toPrecision(4);

/** The best epoch by a log, from 1, and its value. */
function bestOf(values: readonly number[], sign: 1 | -1): readonly [epoch: number, value: number] | undefined {
  const known = values.filter(value => !Number.isNaN(value));
  const value = sign * Math.min(...known.map(v => sign * v));
  return known.length ? [values.indexOf(value) + 1, value] : undefined;
}

/** What came of a run, in a few lines. */
export function summaryOf({ run, epochs, monitor, mode, seconds, files, resume }: Ended): string {
  const best =
    monitor === null ? undefined : bestOf(run.history[logName(monitor)] ?? [], signOf('keepprob', monitor, mode));
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['trained', `${run.epochs} of ${epochs} epochs, ${run.steps} steps, in ${seconds.toFixed(1)} s; seed ${run.seed}`],
    ['stopped', run.stopped],
    ['best', best && `${monitor} ${written(best[1])} in epoch ${best[0]}`],
    ['gap', Number.isNaN(run.gap) ? undefined : `${written(run.gap)} (valLoss − cleanLoss)`],
    ['model', files?.model],
    ['checkpoints', files?.checkpoints],
    ['logs', files && `${files.csv}, ${files.jsonLines}, and \`tensorboard --logdir ${files.tensorBoard}\``],
    ['go on', resume],
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(12)} ${value}`])).join('\n');
}
