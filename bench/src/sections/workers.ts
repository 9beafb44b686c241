/** Two workers that share every batch, against one: milliseconds from one update to the next. */
import { Worker } from 'node:worker_threads';
import { fitInWorker } from '@keepprob/trainer/worker';
import { compare, median, type Ratio, type Sample } from '../measure.ts';
import type { WorkerArgs } from '../programs/workerTask.ts';
import { milliseconds, type Result, speedUp, Table } from '../section.ts';

/** Updates at the beginning that are not counted: memory grows, code is compiled. */
const WARM_UP = 4;

/** The median time between the updates of one run. */
const stepTime =
  (workers: number, args: WorkerArgs): Sample =>
  async () => {
    const times: number[] = [];
    await fitInWorker(() => new Worker(new URL('../programs/workerTask.js', import.meta.url)), {
      args,
      workers,
      progress: ({ type }) => void (type === 'step' && times.push(performance.now())),
    });
    const steps = times.slice(1).map((t, i) => t - (times[i] as number));
    return median(steps.slice(WARM_UP));
  };

/** As many runs at once as there are workers, each of its share of the rows, and of them the slowest: what the cores give when nothing is shared. */
const sideBySide = (workers: number, args: WorkerArgs): Sample => {
  const alone = stepTime(1, { ...args, batch: args.batch / workers });
  return async () => {
    return Math.max(...(await Promise.all(Array.from({ length: workers }, alone))));
  };
};

export async function workers(quick: boolean): Promise<Result> {
  const table = new Table(
    'batch',
    '2 workers ms',
    '1 worker ms',
    'speed-up',
    '95 % interval',
    'two runs of half the batch at once',
    '95 % interval',
  );
  const rows = [];
  for (const batch of quick ? [8] : [128, 512]) {
    const args = quick ? { batch, steps: 8, hidden: 8 } : { batch, steps: 24, hidden: 512 };
    const against = (sample: Sample): Promise<Ratio> =>
      compare(sample, stepTime(1, args), quick ? 1 : 12, quick ? 0 : 1);
    const [shared, apart] = [await against(stepTime(2, args)), await against(sideBySide(2, args))];
    rows.push({ batch, shared, apart });
    const times = [milliseconds(shared.ours), milliseconds(shared.other)];
    table.add(`${batch}`, ...times, ...speedUp(shared), ...speedUp(apart));
  }
  return { data: { rows }, markdown: `${table}` };
}
