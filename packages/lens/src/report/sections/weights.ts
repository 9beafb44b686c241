import type { WeightSpread } from '../../weights/types.ts';
import { weightSpread } from '../../weights/weightSpread.ts';
import { spreadFigure, spreadHeadline, spreadLegend, spreadNote, spreadRows } from '../../weights/weightSpreadWords.ts';
import { figures, notes, table } from '../parts.ts';
import { type Plain, plain } from '../plain.ts';
import { CannotTell, type Section } from '../section.ts';

export const weights: Section<Plain<WeightSpread>> = {
  question: 'How are the weights spread?',
  async answer({ model, sample }) {
    const found = await weightSpread(model, sample ? { x: sample.x } : undefined);
    if (!found.matrices.length) throw new CannotTell('The model has no weight matrix.');
    return {
      verdict: spreadHeadline(found),
      tone: 'plain',
      body: [
        ...table(spreadRows(found)),
        ...(await figures(spreadFigure(found).panels)),
        ...notes([spreadNote(found), ...spreadLegend(found)]),
      ],
      finding: plain(found),
      unknown: sample ? [] : ['The sparsity of the activations can only be measured with data.'],
    };
  },
};
