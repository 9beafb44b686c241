/** A section of the report: a question, and the answer of the search. */
import type { Answered } from '@keepprob/lens/page';
import type { Subject } from './reported.ts';

export interface Section {
  /** The id on the page. */
  readonly name: string;
  readonly question: string;
  answer(subject: Subject): Promise<Pick<Answered, 'verdict' | 'tone' | 'body'> & Partial<Pick<Answered, 'unknown'>>>;
}
