/** Everything that can be measured over runs. */
import { lab } from './lab/lab.ts';
import { activations } from './paper/activations.ts';
import { samples } from './paper/samples.ts';
import { sizes } from './paper/sizes.ts';
import type { Question } from './question.ts';
import { cost } from './theory/cost.ts';
import { coverage } from './theory/coverage.ts';
import { norm } from './theory/norm.ts';
import { penalty } from './theory/penalty.ts';
import { ridgeRegression } from './theory/ridge.ts';

export const questions: readonly Question[] = [
  lab,
  activations,
  sizes,
  samples,
  cost,
  ridgeRegression,
  norm,
  penalty,
  coverage,
];
/** The figures of Srivastava et al. 2014. */
export const paper: readonly Question[] = [activations, sizes, samples];

export function questionOf(name: string): Question {
  const found = questions.find(question => question.name === name);
  if (!found) throw new RangeError(`There is no question ${name}: ${questions.map(each => each.name).join(', ')}.`);
  return found;
}
