/** Jobs spread over threads, each with its own line of progress. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import cliProgress from 'cli-progress';
import type { Job, Result } from './comparison.ts';

type Message =
  | { type: 'ready' }
  | { type: 'epoch'; epoch: number; logs: Record<string, number> }
  | { type: 'result'; result: Result };

/** Runs every job; the results come in the order of the jobs. */
export async function runAll(jobs: readonly Job[]): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const bars = new cliProgress.MultiBar({
    format: '{bar} {name}  epoch {value}/{total}  {curves}',
    barsize: 20,
    clearOnComplete: true,
    hideCursor: true,
  });
  const thread = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./worker.js', import.meta.url));
      const bar = bars.create(1, 0, { name: 'starting', curves: '' });
      let index = -1;
      const take = (): void => {
        index = next++;
        const job = jobs[index];
        if (!job) {
          void worker.terminate().then(() => resolve());
          return;
        }
        bar.start(job.epochs, 0, { name: `${job.arm}, seed ${job.seed}`, curves: '' });
        worker.postMessage(job);
      };
      worker.on('error', reject);
      worker.on('message', (message: Message) => {
        if (message.type === 'epoch') {
          const { valAccuracy = Number.NaN, cost = Number.NaN } = message.logs;
          bar.update(message.epoch, {
            curves: `J ${cost.toFixed(3)}  validation error ${(100 * (1 - valAccuracy)).toFixed(2)} %`,
          });
        } else {
          if (message.type === 'result') {
            results[index] = message.result;
            if (!process.stderr.isTTY) console.log(summary(message.result));
          }
          take();
        }
      });
    });
  try {
    await Promise.all(Array.from({ length: Math.min(jobs.length, availableParallelism()) }, thread));
  } finally {
    bars.stop();
  }
  return results;
}

const summary = ({ arm, seed, validationError, gap }: Result): string =>
  `${arm}, seed ${seed}: validation error ${(100 * validationError).toFixed(2)} %, gap ${gap.toFixed(3)}`;
