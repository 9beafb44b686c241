/** The sections of the report, in a natural order of their questions. */
import type { Answered, Page } from '@keepprob/lens/page';
import { type Reported, subjectOf } from './reported.ts';
import { chosen } from './sections/chosen.ts';
import { folds } from './sections/folds.ts';
import { history } from './sections/history.ts';
import { importance } from './sections/importance.ts';
import { parameters } from './sections/parameters.ts';
import { trials } from './sections/trials.ts';
import { verdict } from './sections/verdict.ts';
import { counted } from './words.ts';

const sections = [verdict, chosen, parameters, importance, trials, history, folds] as const;

export async function pageOf(found: Reported, title: string): Promise<Page> {
  const { searched, trials: tried } = found;
  const subject = subjectOf(found);
  const answered: Answered[] = [];
  for (const { name, question, answer } of sections)
    answered.push({ name, question, unknown: [], ...(await answer(subject)) });
  const names = searched.dimensions.map(({ name }) => name).join(', ');
  return {
    title: title || `Results of a search for ${searched.metric}`,
    about: `${counted(tried.length, 'trial')} on ${counted(searched.pairs.length, 'fold')}${searched.rows === null ? '' : `; ${counted(searched.rows, 'row')}`}. Searched: ${names}.`,
    sections: answered,
    leftOut: [],
  };
}
