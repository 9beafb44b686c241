/** Does regularization help on a thousand MNIST digits? A net trained in several ways, several seeds, a table and a picture. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Job } from './comparison.ts';
import { comparisons } from './comparisons.ts';
import { runAll } from './pool.ts';
import { picture, table } from './report.ts';

const names = Object.keys(comparisons);

const help = `npm run train -- [options]

Trains a net on MNIST in several ways, and compares them.

  --example E  which net, and which ways (dense):
${Object.entries(comparisons)
  .map(([name, { about }]) => `                 ${name.padEnd(6)}  ${about}`)
  .join('\n')}
  --train N    digits to train on (1000)
  --test N     validation digits (5000)
  --epochs N   passes over the training digits (${Object.entries(comparisons)
    .map(([name, { epochs }]) => `${name} ${epochs}`)
    .join(', ')})
  --seeds N    runs of each way (3)
  --out DIR    where the picture and the numbers go (runs/<example>)
  --help`;

const { values } = parseArgs({
  options: {
    example: { type: 'string', default: 'dense' },
    train: { type: 'string', default: '1000' },
    test: { type: 'string', default: '5000' },
    epochs: { type: 'string' },
    seeds: { type: 'string', default: '3' },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const count = (name: 'train' | 'test' | 'epochs' | 'seeds', fallback?: number): number => {
  const n = Number(values[name] ?? fallback);
  if (!Number.isSafeInteger(n) || n < 1)
    throw new RangeError(`--${name}: expected an integer ≥ 1. Received: ${values[name]}.`);
  return n;
};

if (values.help) console.log(help);
else await main();

async function main(): Promise<void> {
  const { example, out = join('runs', example) } = values;
  if (!names.includes(example))
    throw new RangeError(`--example: expected one of ${names.join(', ')}. Received: ${example}.`);
  const { arms, about, epochs } = comparisons[example]!;
  const size = { train: count('train'), test: count('test'), epochs: count('epochs', epochs) };
  const seeds = count('seeds');
  const jobs = Array.from({ length: seeds }, (_, seed) =>
    Object.keys(arms).map((arm): Job => ({ example, arm, seed, ...size })),
  ).flat();
  console.log(
    `${about}\n${size.train} digits, ${size.test} validation digits, ${size.epochs} epochs, ${jobs.length} runs\n`,
  );
  const started = performance.now();
  const results = await runAll(jobs);
  await mkdir(out, { recursive: true });
  const [svg, json] = [join(out, 'curves.svg'), join(out, 'results.json')];
  await writeFile(svg, picture(results));
  await writeFile(json, JSON.stringify({ example, ...size, results }));
  console.log(`\n${table(results)}\n`);
  console.log(`mean ± standard error over ${seeds} seeds, in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  console.log(`curves: ${svg}\nnumbers: ${json}`);
}
