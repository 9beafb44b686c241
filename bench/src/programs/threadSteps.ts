/**
 * A process of its own, since threads need the backend on shared memory: blocks of steps with two threads and with one in turns, on a quiet
 * machine and with every other core kept busy. JSON on stdout.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { install, uninstall } from '@keepprob/kernels/wasm';
import '@tensorflow/tfjs-backend-wasm';
import { compare, median, type Ratio, type Sample, timed } from '../measure.ts';
import { cnn, mlp, type Step } from '../models.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const [steps, rounds] = values.quick ? [2, 2] : [25, 9];
const hidden = values.quick ? 64 : 512;
const inputs = values.quick ? 64 : 784;

export interface ThreadRow extends Ratio {
  readonly work: string;
  readonly busy: boolean;
}

await install({ threads: 2 });
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

const rows: ThreadRow[] = [];
for (const busy of [false, true]) {
  const hogs: ChildProcess[] = [];
  if (busy) for (let i = 1; i < cpus().length; i++) hogs.push(spawn(process.execPath, ['-e', 'for (;;);']));
  try {
    for (const [work, make] of Object.entries(models)) {
      const step = make();
      rows.push({ work, busy, ...(await compare(block(step, 2), block(step, 1), rounds, 1)) });
      step.dispose();
    }
  } finally {
    for (const hog of hogs) hog.kill();
  }
}
process.stdout.write(JSON.stringify(rows));
process.exit();
