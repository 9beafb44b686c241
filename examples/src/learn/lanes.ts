/** Runs of questions, spread over processes. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Answer, answersBefore, noteAnswer } from './journal.ts';
import type { Question } from './question.ts';
import type { Recorded } from './recorded.ts';

/** What a lane is asked. */
export interface Ask {
  readonly question: string;
  readonly index: number;
}

/** Every run, in the order of the question. Those that were run before, and whose answers lie in runs/measure, are not run again. */
export async function runAll({ name, runs }: Question, cores: number): Promise<Recorded> {
  const before = await answersBefore(name);
  const answers = runs.map(({ key }) => before.get(key));
  const left = runs.map((run, index) => ({ ...run, index })).filter(({ index }) => !answers[index]);
  const queue = left.values();
  const lane = async (): Promise<void> => {
    const child = fork(program);
    try {
      for (const { index, about, key } of queue) {
        const answer = await answerOf(child, { question: name, index });
        answers[index] = answer;
        await noteAnswer(name, key, answer);
        console.log(`${name}: ${about} (${answer.seconds.toFixed(1)} s)`);
      }
    } finally {
      child.kill();
    }
  };
  await Promise.all(Array.from({ length: Math.min(cores, left.length) }, lane));
  const given = answers.filter(answer => answer !== undefined);
  return { seconds: given.reduce((sum, { seconds }) => sum + seconds, 0), results: given.map(({ result }) => result) };
}

const program = fileURLToPath(new URL('lane.js', import.meta.url));

const answerOf = (child: ChildProcess, ask: Ask): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const end = (): void => reject(new Error(`The process that ran ${ask.question}, run ${ask.index}, ended.`));
    child.once('exit', end);
    child.once('message', (answer: Answer) => {
      child.off('exit', end);
      resolve(answer);
    });
    child.send(ask);
  });
