/** Answers on the disk as they come, so that a long measurement that is interrupted goes on where it was. */
import { appendFile, mkdir, readFile } from 'node:fs/promises';

/** What a lane answers. */
export interface Answer {
  /** Of one core. */
  readonly seconds: number;
  readonly result: unknown;
}

interface Line extends Answer {
  /** Tells the run from others. */
  readonly key: string;
}

const FOLDER = 'runs/measure';
const fileOf = (name: string): string => `${FOLDER}/${name}.jsonl`;

/** The answers of a question that were given before, by the keys of their runs. */
export async function answersBefore(name: string): Promise<Map<string, Answer>> {
  const text = await readFile(fileOf(name), 'utf8').catch(() => '');
  const lines = text.split('\n').filter(line => line.endsWith('}'));
  return new Map(
    lines.map(line => {
      const { key, ...answer }: Line = JSON.parse(line);
      return [key, answer];
    }),
  );
}

export async function noteAnswer(name: string, key: string, answer: Answer): Promise<void> {
  const line: Line = { key, ...answer };
  await mkdir(FOLDER, { recursive: true });
  await appendFile(fileOf(name), `${JSON.stringify(line)}\n`);
}
