/** Runs a question, records what came out, and writes it into the pages. */
import { runAll } from './lanes.ts';
import type { Question } from './question.ts';
import { publish, record } from './recorded.ts';

export interface AnswerOptions {
  /** Processes at a time. */
  readonly cores: number;
  /** Only writes pages and pictures again, from what was recorded. */
  readonly redraw: boolean;
}

export async function answer(question: Question, { cores, redraw }: AnswerOptions): Promise<void> {
  if (!redraw) await record(question, await runAll(question, cores));
  await publish(question);
}
