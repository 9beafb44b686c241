import { lossNames } from '../../effectiveL2/curvature.ts';
import { effectiveL2 as ask } from '../../effectiveL2/effectiveL2.ts';
import { figureOfL2, headlineOfL2, notesOnL2, rowsOfL2 } from '../../effectiveL2/effectiveL2Words.ts';
import type { SiteL2 } from '../../effectiveL2/siteL2.ts';
import type { EffectiveL2 } from '../../effectiveL2/types.ts';
import { figures, notes, table } from '../parts.ts';
import { type Plain, plain } from '../plain.ts';
import { CannotTell, labelled, type Section, type Subject } from '../section.ts';

/** λ by weight is a matrix as large as that of the layer: it is in the picture, but not in the numbers. */
type Found = Omit<EffectiveL2, 'sites'> & { readonly sites: readonly Omit<SiteL2, 'weights'>[] };

function namedLoss(loss: unknown): EffectiveL2['loss']['name'] {
  const known = lossNames.find(name => name === loss);
  if (known) return known;
  throw new CannotTell(
    `The theory covers the losses ${lossNames.join(', ')}; this one is ${typeof loss === 'string' ? loss : 'none of them'}.`,
  );
}

function asked(subject: Subject): Promise<EffectiveL2> {
  const { loss } = labelled(subject);
  const { model, sample, options } = subject;
  if (!sample?.y) throw new CannotTell('The model has several outputs; the theory covers one.');
  const { keepProbs, input, seed } = options;
  const data = { x: sample.x, y: sample.y };
  return ask(model, data, { loss: namedLoss(loss), keepProbs, input, seed: seed ?? 0 });
}

export const effectiveL2: Section<Plain<Found>> = {
  question: 'How strong is dropout, as an L2?',
  async answer(subject) {
    const found = await asked(subject);
    return {
      verdict: headlineOfL2(found),
      tone: found.sites.length ? 'plain' : 'open',
      body: [
        ...table(rowsOfL2(found)),
        ...(await figures(figureOfL2(found).panels)),
        ...notes([...notesOnL2(found), ...found.warnings]),
      ],
      finding: plain({ ...found, sites: found.sites.map(({ weights, ...site }) => site) }),
      unknown: found.warnings.filter(text => text.startsWith('not included')),
    };
  },
};
