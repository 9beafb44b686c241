import { figures, notes } from '@keepprob/lens/page';
import type { Dimension } from '../../contract.ts';
import { ranking } from '../panels/importance.ts';
import { slicePanel } from '../panels/slice.ts';
import type { Reported, Subject } from '../reported.ts';
import type { Section } from '../section.ts';
import { pointInWords } from '../words.ts';

/** Maximum number of pictures on a page. */
const MOST = 24;

/** The dimensions, most important first if importance is known. */
export function inOrder({ importance, searched: { dimensions } }: Reported): readonly Dimension[] {
  if (importance.kind !== 'measured') return dimensions;
  const order = ranking(importance).map(([name]) => name);
  return [...dimensions].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

export const parameters: Section = {
  name: 'parameters',
  question: 'Which values do well?',
  async answer(subject) {
    const { found, ranked, seen } = subject;
    const [best] = ranked;
    if (!best && !seen.some(({ dev }) => dev))
      return { verdict: 'Cannot tell: no trial has a value.', tone: 'open', body: [] };
    const dimensions = inOrder(found);
    const shown = dimensions.slice(0, MOST);
    const left = dimensions.length - shown.length;
    const hasTrain = seen.some(({ train }) => train);
    return {
      verdict: best ? `The best trials of the search: ${bestInWords(subject)}.` : 'No trial is complete.',
      tone: 'plain',
      body: [
        ...(await figures(shown.map(dimension => slicePanel(subject, dimension)))),
        ...notes([READING, ...(left > 0 ? [`${left} less important parameters are left out.`] : [])]),
      ],
      unknown: hasTrain ? [] : ['The error on training rows: these trials did not measure it.'],
    };
  },
};

const READING =
  'How to read this: a dot is a trial, its mean over the folds of the search; hollow ones were pruned, so theirs is a mean over some of the folds only. The ring marks the chosen one. Lines join medians of groups of at least three neighboring complete trials, at most eight groups; half of the trials of a group lie in the band. Other parameters differ from trial to trial as well, so a curve does not show the effect of its parameter alone.';

/** The points of the best three trials. */
const bestInWords = ({ ranked, found }: Subject): string =>
  ranked
    .slice(0, 3)
    .map(({ trial }) => `${pointInWords(found.searched.dimensions, trial.point)} (trial ${trial.number})`)
    .join('; ');
