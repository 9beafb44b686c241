/** Does regularization help on a thousand MNIST digits? Four arms, several seeds, a table and a picture. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { armNames, type Job } from './arms.ts';
import { runAll } from './pool.ts';
import { picture, table } from './report.ts';

const help = `npm run train -- [options]

Trains 784-256-256-10 on MNIST with no regularization, L2, dropout, and dropout + L2 + max-norm.

  --train N    digits to train on (1000)
  --test N     dev digits (5000)
  --epochs N   passes over the training digits (60)
  --seeds N    runs of each arm (3)
  --out DIR    where the picture and the numbers go (runs)
  --help`;

const { values } = parseArgs({
  options: {
    train: { type: 'string', default: '1000' },
    test: { type: 'string', default: '5000' },
    epochs: { type: 'string', default: '60' },
    seeds: { type: 'string', default: '3' },
    out: { type: 'string', default: 'runs' },
    help: { type: 'boolean', default: false },
  },
});

const count = (name: 'train' | 'test' | 'epochs' | 'seeds'): number => {
  const n = Number(values[name]);
  if (!Number.isSafeInteger(n) || n < 1)
    throw new RangeError(`--${name}: expected an integer ≥ 1. Received: ${values[name]}.`);
  return n;
};

if (values.help) console.log(help);
else await main();

async function main(): Promise<void> {
  const [train, test, epochs, seeds] = [count('train'), count('test'), count('epochs'), count('seeds')];
  const jobs = Array.from({ length: seeds }, (_, seed) =>
    armNames.map((arm): Job => ({ arm, seed, train, test, epochs })),
  ).flat();
  console.log(`${train} MNIST digits, ${test} dev digits, ${epochs} epochs, ${jobs.length} runs\n`);
  const started = performance.now();
  const results = await runAll(jobs);
  await mkdir(values.out, { recursive: true });
  const [svg, json] = [join(values.out, 'curves.svg'), join(values.out, 'results.json')];
  await writeFile(svg, picture(results));
  await writeFile(json, JSON.stringify({ train, test, epochs, results }));
  console.log(`\n${table(results)}\n`);
  console.log(`mean ± standard error over ${seeds} seeds, in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  console.log(`curves: ${svg}\nnumbers: ${json}`);
}
