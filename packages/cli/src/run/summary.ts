import { logName, type Mode, signOf } from '@keepprob/core';
import type { FittedRun } from '@keepprob/trainer';
import type { RunFiles } from './folder.ts';
import { wrapped } from './wrapped.ts';

export interface Ended {
  readonly run: FittedRun;
  /** The number of epochs requested. */
  readonly epochs: number;
  /** The log that decides which epoch is best. */
  readonly monitor: string | null;
  readonly mode: Mode;
  readonly seconds: number;
  /** Undefined if nothing was saved. */
  readonly files: RunFiles | undefined;
  /** The command that resumes an interrupted run. */
  readonly resume: string | undefined;
  /** The command that evaluates the model. */
  readonly next: string | undefined;
}

const written = (value: number): string => value.toPrecision(4);

/** The best epoch by a log, from 1, and its value. */
function bestOf(values: readonly number[], sign: 1 | -1): readonly [epoch: number, value: number] | undefined {
  const known = values.filter(value => !Number.isNaN(value));
  const value = sign * Math.min(...known.map(v => sign * v));
  return known.length ? [values.indexOf(value) + 1, value] : undefined;
}

/** Logs that every run has and that are not metrics. */
const always = ['loss', 'penalty', 'cost'];

/** The metrics of an epoch: `accuracy 0.9811 in training, 0.9722 in validation`. With dropout off, if that was measured. */
function metricsIn(history: FittedRun['history'], epoch: number): string[] {
  const at = (log: string): number | undefined => history[log]?.[epoch - 1];
  const curve = (name: string, metric: string): string => `${name}${metric.charAt(0).toUpperCase()}${metric.slice(1)}`;
  const isCurve = (log: string): boolean => /^(clean|val)[A-Z]/.test(log);
  return Object.keys(history)
    .filter(log => !always.includes(log) && !isCurve(log))
    .map(metric => {
      const training = at(curve('clean', metric)) ?? at(metric);
      const validation = at(curve('val', metric));
      const parts = [
        ...(training === undefined ? [] : [`${written(training)} in training`]),
        ...(validation === undefined || Number.isNaN(validation) ? [] : [`${written(validation)} in validation`]),
      ];
      return `${metric} ${parts.join(', ')}`;
    });
}

/** A resumed run may already have trained for more epochs than are requested now. */
const trainedFor = (done: number, asked: number): string =>
  done > asked ? `${done} epochs before, and ${asked} are asked for` : `${done} of ${asked} epochs`;

/** Summarizes a run in a few lines. */
export function summaryOf({ run, epochs, monitor, mode, seconds, files, resume, next }: Ended): string {
  const { history } = run;
  const best =
    monitor === null ? undefined : bestOf(history[logName(monitor)] ?? [], signOf('keepprob', monitor, mode));
  const last = Math.max(0, ...Object.values(history).map(values => values.length));
  const metrics = (epoch: number): (readonly [string, string])[] =>
    metricsIn(history, epoch).map(text => ['', text] as const);
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['trained', `${trainedFor(run.epochs, epochs)}, ${run.steps} steps, in ${seconds.toFixed(1)} s; seed ${run.seed}`],
    ['stopped', run.stopped],
    ['best', best && `${monitor} ${written(best[1])} in epoch ${best[0]}`],
    ...(best ? metrics(best[0]) : []),
    ...(best?.[0] === last ? [] : metrics(last).map(([, text], i) => [i ? '' : 'last', text] as const)),
    ['gap', Number.isNaN(run.gap) ? undefined : `${written(run.gap)} (valLoss − cleanLoss)`],
    ['model', files?.model],
    ['checkpoints', files?.checkpoints],
    ['logs', files && `${files.csv}, ${files.jsonLines}`],
    ['events', files && `tensorboard --logdir ${files.tensorBoard}`],
    ['continue', resume],
    ['next', resume === undefined ? next : undefined],
  ];
  return rows
    .flatMap(([name, value]) => {
      if (value === undefined) return [];
      // paths and commands stay on one line, so that they can be copied
      return [
        /^(?:model|checkpoints|logs|events|continue|next)$/.test(name)
          ? `${name.padEnd(12)} ${value}`
          : wrapped(name, value),
      ];
    })
    .join('\n');
}
