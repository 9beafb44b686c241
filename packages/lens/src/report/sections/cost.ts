import { checkCost } from '../../cost/checkCost.ts';
import { costFigure, costHeadline } from '../../cost/checkCostWords.ts';
import type { CostCheck, CostVerdict } from '../../cost/types.ts';
import { gradientsFigure } from '../../gradients/gradientCheckWords.ts';
import { figures, notes, paragraphs } from '../parts.ts';
import { type Plain, plain } from '../plain.ts';
import { labelled, type Section, type Tone } from '../section.ts';

const tones: Partial<Readonly<Record<CostVerdict, Tone>>> = { falls: 'good', flat: 'plain', cannotTell: 'open' };

export const cost: Section<Plain<CostCheck>> = {
  question: 'Does J fall?',
  async answer(subject) {
    const { data, loss } = labelled(subject);
    const { plugins, signal } = subject.options;
    const found = await checkCost(subject.model, data, { loss, plugins, signal, progress: subject.tell });
    const { gradient } = found;
    const [, ...others] = found.text.split('\n');
    return {
      verdict: costHeadline(found),
      tone: tones[found.verdict] ?? 'act',
      body: [
        ...paragraphs(others.filter(line => !found.warnings.includes(line))),
        ...(await figures(costFigure(found).panels)),
        ...(gradient?.verdict === 'wrong' ? await figures(gradientsFigure(gradient).panels) : []),
        ...notes(found.warnings),
      ],
      finding: plain(found),
    };
  },
};
