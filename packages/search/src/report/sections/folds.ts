import { figures, notes, short } from '@keepprob/lens/page';
import { foldsPanel } from '../panels/folds.ts';
import { meanOf, type Subject, unitsOn } from '../reported.ts';
import type { Section } from '../section.ts';
import { counted } from '../words.ts';

export const folds: Section = {
  name: 'folds',
  question: 'Do the folds agree?',
  async answer(subject) {
    const { found, seen } = subject;
    if (!seen.some(({ dev }) => dev)) return { verdict: 'Cannot tell: no unit was measured.', tone: 'open', body: [] };
    return {
      verdict:
        spread(subject) ??
        `There are too few complete trials to tell, on ${counted(found.searched.pairs.length, 'fold')}.`,
      tone: 'plain',
      body: [...(await figures([foldsPanel(subject)])), ...notes([READING])],
    };
  },
};

const READING =
  'How to read this: a row that is dark throughout is a fold that is difficult for every trial, which is why trials are compared fold by fold; a column is a trial. Empty cells were not measured: the trial was pruned or failed.';

/** The range of the means of folds, compared with that of the means of trials. */
function spread({ found, ranked }: Subject): string | null {
  const { pairs, metric } = found.searched;
  if (ranked.length < 2 || pairs.length < 2) return null;
  const means = pairs.flatMap(pair => {
    const mean = meanOf(ranked.flatMap(({ trial }) => unitsOn(trial, [pair]).map(({ value }) => value)));
    return mean ? [mean.value] : [];
  });
  const trials = ranked.flatMap(({ dev }) => dev?.value ?? []);
  const range = (values: readonly number[]): string => `${short(Math.min(...values))} to ${short(Math.max(...values))}`;
  return `Mean ${metric} is ${range(means)} over folds, and ${range(trials)} over the ${ranked.length} complete trials.`;
}
