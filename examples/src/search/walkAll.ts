/** Searches of one problem, each in a process of its own, as many at a time as there are cores. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { problems } from './problems.ts';
import type { Walked } from './walk.ts';

const program = fileURLToPath(new URL('walkOne.js', import.meta.url));

/** One list for each draw, with a search of each space. */
export async function walkAll(problem: keyof typeof problems, draws: readonly number[]): Promise<Walked[][]> {
  const spaces = Object.keys((await problems[problem](1)).spaces);
  const jobs = draws.flatMap(draw => spaces.map(space => ({ draw, space })));
  const walked: Walked[] = [];
  const left = jobs.entries();
  const lane = async (): Promise<void> => {
    for (const [i, { draw, space }] of left) walked[i] = await walkedBy(problem, draw, space);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return draws.map((_, i) => walked.slice(i * spaces.length, (i + 1) * spaces.length));
}

async function walkedBy(problem: string, draw: number, space: string): Promise<Walked> {
  const child = fork(program, [problem, `${draw}`, space]);
  let walked: Walked | undefined;
  child.on('message', (message: Walked) => {
    walked = message;
  });
  await once(child, 'exit');
  if (!walked) throw new Error(`The search of ${problem}, draw ${draw}, ${space}, ended without a word.`);
  return walked;
}
