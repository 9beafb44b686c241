/** What was measured, in docs/results: pages and pictures are made from it, so that no figure is typed. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileOf, place } from '../placed.ts';
import type { Effort, Question, Shown } from './question.ts';

export interface Recorded extends Effort {
  readonly results: readonly unknown[];
}

const recordOf = (name: string): URL => fileOf(`docs/results/${name}.json`);

/** One result a line. */
export async function record({ name }: Question, { seconds, results }: Recorded): Promise<void> {
  const lines = results.map(result => JSON.stringify(result)).join(',\n');
  await mkdir(fileOf('docs/results/'), { recursive: true });
  await writeFile(recordOf(name), `{"seconds":${Math.round(seconds)},"results":[\n${lines}\n]}\n`);
}

/** What is to be said of what was recorded. */
export async function shownOf({ name, show }: Question): Promise<Shown> {
  const { seconds, results }: Recorded = JSON.parse(await readFile(recordOf(name), 'utf8'));
  return show(JSON.stringify(results), { seconds });
}

/** Writes it into pages and pictures. */
export async function publish(question: Question): Promise<void> {
  const { parts, pictures } = await shownOf(question);
  for (const part of parts) {
    console.log(`\n${part.markdown}`);
    await place(part);
  }
  for (const [file, svg] of Object.entries(pictures)) await writeFile(fileOf(file), svg);
}
