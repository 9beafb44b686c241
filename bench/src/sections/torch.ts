/** The same steps in PyTorch on one thread, where python3 can import it: blocks of steps of ours and of PyTorch, in turns. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { compare, median, type Ratio, type Sample, timed } from '../measure.ts';
import { cnn, mlp, type Step } from '../models.ts';
import { enter } from '../places.ts';
import { milliseconds, type Result, ratioCells, Table } from '../section.ts';

const PYTHON = '/usr/bin/python3';
const models: Readonly<Record<string, { title: string; make: () => Step }>> = {
  mlp: {
    title: 'MLP 784-512-512-10, batch 128, momentum, dropout .5 ×2 + L2',
    make: () => mlp('ours', { batch: 128, inputs: 784, hidden: 512, outputs: 10 }, { dropout: true, l2: true }),
  },
  cnn: { title: 'CNN, conv 16 and 32, batch 64, Adam', make: () => cnn('ours', 64) },
};

/** torch_steps.py, which answers each line with a line. */
function startTorch() {
  const script = fileURLToPath(new URL('../../src/programs/torch_steps.py', import.meta.url));
  const env = { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
  const child = spawn(PYTHON, [script], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  for (const part of [child, child.stdin]) part.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async <T>(): Promise<T | undefined> => {
    const { value, done } = await lines.next();
    return done ? undefined : (JSON.parse(value) as T);
  };
  return {
    about: () => answer<{ torch: string; blas: string[] }>(),
    async times(model: string, steps: number): Promise<number[]> {
      child.stdin.write(`${model} ${steps}\n`);
      const times = await answer<number[]>();
      if (!times) throw new Error('torch_steps.py ended.');
      return times;
    },
    end: () => child.stdin.end(),
  };
}

export async function torch(quick: boolean): Promise<Result> {
  const [steps, rounds] = quick ? [2, 2] : [30, 9];
  const python = startTorch();
  const about = await python.about();
  if (!about) return { data: { measured: false }, markdown: `Not measured here: ${PYTHON} cannot import torch.` };
  const table = new Table('training step', 'ours ms', 'PyTorch ms', 'ours / PyTorch', '95 % interval');
  const rows: (Ratio & { model: string })[] = [];
  for (const [model, { title, make }] of Object.entries(models)) {
    await enter('kernels');
    const ours = make();
    const one = timed(ours.run);
    const block: Sample = async () => {
      const times: number[] = [];
      for (let i = 0; i < steps; i++) times.push(await one());
      return median(times);
    };
    const ratio = await compare(block, async () => median(await python.times(model, steps)), rounds, 1);
    ours.dispose();
    rows.push({ model, ...ratio });
    table.add(title, milliseconds(ratio.ours), milliseconds(ratio.other), ...ratioCells(ratio));
  }
  python.end();
  const blas = about.blas.map(path => path.split('/').at(-1)).join(', ');
  const how = `PyTorch ${about.torch}, ${blas}, one thread. Medians of ${steps} steps, ${rounds} blocks of each in turns.`;
  return { data: { measured: true, about, rows }, markdown: [how, '', table].join('\n') };
}
