import { figures, notes } from '@keepprob/lens/page';
import { importancePanel, percent, ranking } from '../panels/importance.ts';
import { parallelPanel } from '../panels/parallel.ts';
import type { Section } from '../section.ts';
import { counted } from '../words.ts';
import { inOrder } from './parameters.ts';

export const importance: Section = {
  name: 'importance',
  question: 'Which parameters mattered?',
  async answer(subject) {
    const { importance: measured } = subject.found;
    const lines = subject.ranked.length > 1 ? [parallelPanel(subject, inOrder(subject.found))] : [];
    if (measured.kind === 'too few') {
      // "off" may lie outside
      const inside = measured.trials < subject.ranked.length ? ' within the bounds of the space' : '';
      const said = `Cannot tell: that takes ${measured.needed} complete trials${inside}, and there ${measured.trials === 1 ? 'is' : 'are'} ${measured.trials}.`;
      return { verdict: said, tone: 'open', body: await figures(lines), unknown: [said] };
    }
    const [first, ...others] = ranking(measured);
    if (!first || first[1] === 0)
      return {
        verdict: `None visibly, in ${counted(measured.trials, 'complete trial')}.`,
        tone: 'plain',
        body: await figures(lines),
      };
    const more = others.slice(0, 2).map(([name, share]) => `${name} ${percent(share)}`);
    return {
      verdict: `${first[0]} most, ${percent(first[1])}${more.length > 0 ? `; then ${more.join(', ')}` : ''}.`,
      tone: 'plain',
      body: [...(await figures([importancePanel(measured), ...lines])), ...notes([READING])],
    };
  },
};

const READING =
  'How to read this: a share is how far the values of the best trials are from those of all, one parameter at a time (PED-ANOVA, Watanabe, Bansal & Hutter 2023). It tells what mattered for being among the best of this search, nothing about interactions of parameters, and little if trials are few.';
