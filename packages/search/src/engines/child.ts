/**
 * The program of a process that computes units: it loads the trial's module, reads the data once, and serves requests until its coordinator is gone. However
 * the coordinator ends, the channel between them closes, and this process exits.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Task, Trial } from '../contract.ts';
import { getSplits, getTable } from './blobs.ts';
import { compute } from './compute.ts';
import type { FromChild, StoredTask, ToChild } from './protocol.ts';
import { trialOf } from './trialOf.ts';

interface Opened {
  readonly trial: Trial;
  readonly task: Task;
}

const aborts = new Map<number, AbortController>();
let opened: Promise<Opened> | undefined;

function tell(message: FromChild): void {
  // no answer if the coordinator is gone
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function open({ trial: href, table, splits, metric, scale }: StoredTask): Promise<Opened> {
  const address = new URL(href);
  const trial = await trialOf(address);
  await tf.ready();
  const task = { trial, table: await getTable(table), splits: await getSplits(splits), metric, scale, folder: null };
  return { trial, task };
}

async function begin(task: StoredTask): Promise<void> {
  opened = open(task);
  try {
    await opened;
    tell({ type: 'ready' });
  } catch (error) {
    tell({ type: 'refused', reason: reasonOf(error) });
  }
}

async function run({ id, job }: Extract<ToChild, { type: 'run' }>): Promise<void> {
  const abort = new AbortController();
  aborts.set(id, abort);
  try {
    const { trial, task } = await (opened ?? Promise.reject(new Error('no task yet')));
    const onEpoch = (epoch: number, value: number): void => tell({ type: 'epoch', id, epoch, value });
    tell({ type: 'done', id, result: await compute(trial, task, job, { signal: abort.signal, onEpoch }) });
  } catch (error) {
    tell({ type: 'failed', id, reason: reasonOf(error) });
  } finally {
    aborts.delete(id);
  }
}

process.on('message', (message: ToChild) => {
  if (message.type === 'run') void run(message);
  else if (message.type === 'abort') aborts.get(message.id)?.abort();
  else {
    setInterval(() => tell({ type: 'beat' }), message.beat);
    void begin(message.task);
  }
});
process.on('disconnect', () => process.exit());
// Ctrl-C reaches every process of the terminal: the coordinator decides what happens to the unit
process.on('SIGINT', () => undefined);
