import { dropoutInWords, effectPanels, effectRows } from '../../diagnose/diagnoseWords.ts';
import type { DropoutEffect } from '../../diagnose/dropoutEffect.ts';
import type { Diagnosis } from '../../diagnose/types.ts';
import { figures, notes, table } from '../parts.ts';
import { type Plain, plain } from '../plain.ts';
import type { Section, Tone } from '../section.ts';

const tones: Readonly<Record<DropoutEffect['verdict'], Tone>> = { helps: 'good', hurts: 'act', cannotTell: 'open' };

/** Answered by training with and without dropout, not by examining the model. */
export const effect: Section<Plain<DropoutEffect>> = {
  question: 'Does dropout help here?',
  async answer(subject) {
    const { dropout } = (await subject.measured()) as Diagnosis & { readonly dropout: DropoutEffect };
    return {
      verdict: dropoutInWords(dropout),
      tone: tones[dropout.verdict],
      body: [...table(effectRows(dropout)), ...(await figures(effectPanels(dropout))), ...notes(dropout.warnings)],
      finding: plain(dropout),
    };
  },
};
