/** Does regularization help on a thousand MNIST digits? A net trained in several ways, several seeds, a table and a picture. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommandLine, help, readCommandLine } from './commandLine.ts';
import type { Job } from './comparison.ts';
import { comparisons } from './comparisons.ts';
import { runAll } from './pool.ts';
import { picture, table } from './report.ts';

const given = readCommandLine(process.argv.slice(2));
if (given.help) console.log(help);
else await main(given);

async function main({ example, size, seeds, out }: CommandLine): Promise<void> {
  const { arms, about } = comparisons[example]!;
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
