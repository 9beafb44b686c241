/** Everything that can be measured over runs. */
import { lab } from './lab/lab.ts';
import type { Question } from './question.ts';
import { cost } from './theory/cost.ts';
import { ridgeRegression } from './theory/ridge.ts';

export const questions: readonly Question[] = [lab, cost, ridgeRegression];

export function questionOf(name: string): Question {
  const found = questions.find(question => question.name === name);
  if (!found) throw new RangeError(`There is no question ${name}: ${questions.map(each => each.name).join(', ')}.`);
  return found;
}
