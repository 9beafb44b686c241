/** The search in one picture. */
import { draw, type Figure } from '@keepprob/lens/page';
import { verdictOf } from '../study/found/verdict.ts';
import { slicePanel } from './panels/slice.ts';
import { type Reported, subjectOf } from './reported.ts';
import { inOrder } from './sections/parameters.ts';

/** The metric over the most important dimension; if importance is unknown, over the first dimension with an "off". */
export const pictureOf = (found: Reported): Promise<string> => draw(figureOf(found));

function figureOf(found: Reported): Figure {
  const { chosen, searched, importance } = found;
  const dimensions = inOrder(found);
  const [first] = dimensions;
  const dimension = importance.kind === 'measured' ? first : (dimensions.find(({ off }) => off !== undefined) ?? first);
  return {
    title: `${searched.metric} over ${dimension?.name ?? 'nothing'}`,
    caption: `${chosen ? verdictOf({ ...found, chosen }) : 'The search is not over.'} Dots: trials. Lines: medians of neighbors; half of them lie in the band.`,
    panels: dimension ? [slicePanel(subjectOf(found), dimension)] : [],
  };
}
