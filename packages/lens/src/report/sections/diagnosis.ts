import { adviceFor } from '../../diagnose/advice.ts';
import { diagnose } from '../../diagnose/diagnose.ts';
import { diagnosisFigure, diagnosisHeadline, lossRows, sharesInWords } from '../../diagnose/diagnoseWords.ts';
import type { DropoutEffect } from '../../diagnose/dropoutEffect.ts';
import { historyOf, type RunLike } from '../../diagnose/observed.ts';
import type { Diagnosis } from '../../diagnose/types.ts';
import { html } from '../html.ts';
import { figures, notes, paragraphs, steps, table } from '../parts.ts';
import { type Plain, plain } from '../plain.ts';
import { CannotTell, diagnosing, isReason, labelled, type Section, type Subject, type Tone } from '../section.ts';

/** Curves need a validation loss; the rows of `validation` do not. */
const hasValidationCurve = (run: RunLike): boolean =>
  ['valLoss', 'val_loss'].some(name => historyOf(run)[name]?.length);

function diagnosed(subject: Subject): Promise<Diagnosis> {
  const { model, options } = subject;
  const run = options.run && hasValidationCurve(options.run) ? options.run : null;
  if (subject.data && options.validation) {
    const { data: train, loss } = labelled(subject);
    return diagnose({ model, train, validation: options.validation, loss, ...(run && { run }) }, diagnosing(subject));
  }
  if (run) return diagnose(run, diagnosing(subject));
  throw new CannotTell(
    'There are no rows that were not trained on: pass `validation`, or a `run` that has a validation loss.',
  );
}

/** What was measured of dropout belongs to the advice; why it was not is told in its own section. */
async function effectOf(subject: Subject): Promise<DropoutEffect | null> {
  try {
    return (await subject.measured()).dropout;
  } catch (error) {
    if (isReason(error)) return null;
    throw error;
  }
}

const toneOf = ({ verdict }: Diagnosis): Tone =>
  verdict === 'cannotTell' ? 'open' : verdict === 'fits' ? 'good' : 'act';

export const diagnosis: Section<Plain<Diagnosis>> = {
  question: 'Does it underfit or overfit?',
  async answer(subject) {
    const seen = await diagnosed(subject);
    const found = { ...seen, advice: adviceFor(seen.verdict, await effectOf(subject)) };
    const shown = diagnosing(subject);
    return {
      verdict: diagnosisHeadline(found),
      tone: toneOf(found),
      body: [
        ...paragraphs(sharesInWords(found, shown)),
        ...table(lossRows(found, shown)),
        ...(await figures(diagnosisFigure(found, shown).panels)),
        html`<h3>What to do</h3>`,
        steps(found.advice),
        ...notes(found.warnings),
      ],
      finding: plain(found),
    };
  },
};
