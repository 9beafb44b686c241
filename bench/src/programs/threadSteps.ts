/**
 * A process of its own, since threads need the backend on shared memory: blocks of steps with two threads and with one in turns, on a quiet
 * machine and with every other core kept busy; and in turns with two processes at once that share nothing. JSON on stdout.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { install, uninstall } from '@keepprob/kernels/wasm';
import '@tensorflow/tfjs-backend-wasm';
import { compare, median, type Ratio, type Sample, timed } from '../measure.ts';
import { cnn, mlp, type Step } from '../models.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, beside: { type: 'string' } } });
const [steps, rounds] = values.quick ? [2, 2] : [25, 9];
const hidden = values.quick ? 64 : 512;
const inputs = values.quick ? 64 : 784;

export interface ThreadRow extends Ratio {
  readonly work: string;
  readonly busy: boolean;
  /** Two threads against two processes with one thread each, in milliseconds for each step of either; on a quiet machine. */
  readonly apart?: Ratio;
}

const both = { dropout: true, l2: true };
const models: Readonly<Record<string, () => Step>> = {
  'MLP, batch 128': () => mlp('ours', { batch: 128, inputs, hidden, outputs: 10 }, both),
  'MLP, batch 512': () => mlp('ours', { batch: values.quick ? 64 : 512, inputs, hidden, outputs: 10 }, both),
  'CNN, batch 64': () => cnn('ours', values.quick ? 2 : 64),
};

const block =
  (step: Step, threads: number): Sample =>
  async () => {
    uninstall();
    await install({ threads });
    const one = timed(step.run);
    for (let i = 0; i < 3; i++) await one();
    const times: number[] = [];
    for (let i = 0; i < steps; i++) times.push(await one());
    return median(times);
  };

/** The other process: it takes steps from one message to the next, and says how long they took. */
async function beside(step: Step): Promise<void> {
  const one = timed(step.run);
  await one();
  let going = false;
  process.on('message', () => {
    going = !going;
  });
  process.on('disconnect', () => process.exit());
  for (process.send?.('ready'); ; ) {
    const times: number[] = [];
    while (going) {
      times.push(await one());
      await setTimeout(0);
    }
    if (times.length > 0) process.send?.(median(times));
    await setTimeout(1);
  }
}

/** Milliseconds for each step that two processes take, which share nothing. */
const apart =
  (step: Step, other: ChildProcess): Sample =>
  async () => {
    other.send('go');
    const ours = await block(step, 1)();
    other.send('rest');
    const [theirs] = (await once(other, 'message')) as [number];
    return 1 / (1 / ours + 1 / theirs);
  };

async function againstTwo(work: string, step: Step): Promise<Ratio> {
  const args = ['--beside', work, ...(values.quick ? ['--quick'] : [])];
  const other = fork(fileURLToPath(import.meta.url), args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  try {
    await once(other, 'message');
    return await compare(block(step, 2), apart(step, other), rounds, 1);
  } finally {
    other.kill();
  }
}

await install({ threads: values.beside === undefined ? 2 : 1 });
if (values.beside !== undefined) await beside(models[values.beside]!());

const rows: ThreadRow[] = [];
for (const busy of [false, true]) {
  const hogs: ChildProcess[] = [];
  if (busy) for (let i = 1; i < cpus().length; i++) hogs.push(spawn(process.execPath, ['-e', 'for (;;);']));
  try {
    for (const [work, make] of Object.entries(models)) {
      const step = make();
      const ratio = await compare(block(step, 2), block(step, 1), rounds, 1);
      rows.push({ work, busy, ...ratio, ...(busy ? {} : { apart: await againstTwo(work, step) }) });
      step.dispose();
    }
  } finally {
    for (const hog of hogs) hog.kill();
  }
}
process.stdout.write(JSON.stringify(rows));
process.exit();
