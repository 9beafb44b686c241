/** Two workers that share every batch, against one: milliseconds from one update to the next. */
import { Worker } from 'node:worker_threads';
import { fitInWorker } from '@keepprob/trainer/worker';
import { compare, median, type Sample } from './measure.ts';
import { milliseconds, type Result, Table } from './section.ts';
import type { WorkerArgs } from './workerTask.ts';

/** Updates at the beginning that are not counted: memory grows, code is compiled. */
const WARM_UP = 4;

/** The median time between the updates of one run. */
const stepTime =
  (workers: number, args: WorkerArgs): Sample =>
  async () => {
    const times: number[] = [];
    await fitInWorker(() => new Worker(new URL('./workerTask.js', import.meta.url)), {
      args,
      workers,
      progress: ({ type }) => void (type === 'step' && times.push(performance.now())),
    });
    const steps = times.slice(1).map((t, i) => t - (times[i] as number));
    return median(steps.slice(WARM_UP));
  };

export async function workers(quick: boolean): Promise<Result> {
  const table = new Table('batch', '2 workers ms', '1 worker ms', 'speed-up', '95 % interval');
  const rows = [];
  for (const batch of quick ? [8] : [128, 512]) {
    const args = quick ? { batch, steps: 8, hidden: 8 } : { batch, steps: 24, hidden: 512 };
    const times = await compare(stepTime(2, args), stepTime(1, args), quick ? 2 : 12, quick ? 0 : 1);
    rows.push({ batch, ...times });
    const interval = `${(1 / times.high).toFixed(2)}–${(1 / times.low).toFixed(2)}`;
    const speedUp = (1 / times.ratio).toFixed(2);
    table.add(`${batch}`, milliseconds(times.ours), milliseconds(times.other), speedUp, interval);
  }
  return { data: { rows }, markdown: `${table}` };
}
