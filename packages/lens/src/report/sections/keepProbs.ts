import type { DropoutEffect } from '../../diagnose/dropoutEffect.ts';
import type { BiasVariance } from '../../diagnose/judge.ts';
import { dropoutsOf } from '../../model/dropoutsOf.ts';
import { changeIn } from '../../suggest/change.ts';
import { suggestKeepProbs } from '../../suggest/suggestKeepProbs.ts';
import { SUGGESTION_NOTE, suggestionsFigure, suggestionsHeadline } from '../../suggest/suggestKeepProbsWords.ts';
import type { SuggestedKeepProbs } from '../../suggest/types.ts';
import type { Html } from '../html.ts';
import { code, figures, notes, table } from '../parts.ts';
import { type Plain, plain } from '../plain.ts';
import { CannotTell, orNull, type Section, type Subject } from '../section.ts';

/** The results of the previous sections about dropout. */
interface Known {
  readonly effect: DropoutEffect | null;
  readonly verdict: BiasVariance | null;
}

async function knownOf({ options, measured, diagnosed }: Subject): Promise<Known> {
  const seen = options.sections.includes('diagnosis') ? await orNull(diagnosed) : null;
  return { effect: (await orNull(measured))?.dropout ?? null, verdict: seen?.verdict ?? null };
}

/** A reason not to follow the rule, as a sentence; null if there is none. */
function against({ model }: Subject, { effect, verdict }: Known): string | null {
  const own = dropoutsOf(model).map(({ name }) => `"${name}"`);
  if (effect?.verdict === 'hurts')
    return `None: measured, dropout hurts here (${effect.what}). ${own.length ? `Switch off ${own.join(', ')}.` : 'Leave it out.'}`;
  if (effect) return null;
  if (verdict === 'fits') return own.length ? null : 'None is needed: the model does not overfit.';
  if (verdict === 'underfits')
    return own.length
      ? `Weaker, if anything: the model underfits, and ${own.join(', ')} may be part of that.`
      : 'None: the model underfits, and dropout is for networks that overfit.';
  return null;
}

const rowsOf = ({ layers }: SuggestedKeepProbs): string[][] => [
  ['layer', 'weights', 'by the rule', 'now', 'why'],
  ...layers.map(({ layer, size, keepProb, technique, now, reason }) => [
    layer,
    size.toLocaleString('en'),
    keepProb === 1 ? '1.0' : `${keepProb} ${technique ?? ''}`,
    now.map(present => present.keepProb?.toString() ?? 'as scheduled').join(', ') || '–',
    reason,
  ]),
];

export const keepProbs: Section<Plain<SuggestedKeepProbs>> = {
  question: 'Which keepProb, and where?',
  async answer(subject) {
    const { input, written } = subject.options;
    const found = suggestKeepProbs(subject.model, typeof input === 'number' ? { input } : {});
    if (!found.layers.length) throw new CannotTell('The model has no weight matrix: there is nothing to suggest.');
    const objection = against(subject, await knownOf(subject));
    const lines = objection ? null : changeIn(found, written);
    const body: Html[] = [
      ...(lines ? [code(lines)] : []),
      ...table(rowsOf(found)),
      ...(await figures(suggestionsFigure(found).panels)),
      ...notes([...found.warnings, SUGGESTION_NOTE]),
    ];
    return {
      verdict: objection ?? suggestionsHeadline(found),
      tone: 'plain',
      body,
      finding: plain(found),
    };
  },
};
