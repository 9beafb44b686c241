import { adviceFor } from '../../diagnose/advice.ts';
import { diagnose } from '../../diagnose/diagnose.ts';
import { diagnosisFigure, diagnosisHeadline, lossRows, sharesInWords } from '../../diagnose/diagnoseWords.ts';
import { historyOf, type RunLike } from '../../diagnose/observed.ts';
import type { Diagnosis } from '../../diagnose/types.ts';
import { html } from '../html.ts';
import { figures, notes, paragraphs, steps, table } from '../parts.ts';
import { type Plain, plain } from '../plain.ts';
import { CannotTell, diagnosing, labelled, orNull, type Section, type Subject, type Tone } from '../section.ts';

/** A diagnosis from curves needs a validation loss; one from the rows of `validation` does not. */
const hasValidationCurve = (run: RunLike): boolean =>
  ['valLoss', 'val_loss'].some(name => historyOf(run)[name]?.length);

export function diagnosed(subject: Subject): Promise<Diagnosis> {
  const { model, options } = subject;
  const run = options.run && hasValidationCurve(options.run) ? options.run : null;
  if (subject.data && options.validation) {
    const { data: train, loss } = labelled(subject);
    return diagnose({ model, train, validation: options.validation, loss, ...(run && { run }) }, diagnosing(subject));
  }
  if (run) return diagnose(run, diagnosing(subject));
  throw new CannotTell('There are no rows that were not trained on, and no validation loss of its training.');
}

const toneOf = ({ verdict }: Diagnosis): Tone =>
  verdict === 'cannotTell' ? 'open' : verdict === 'fits' ? 'good' : 'act';

export const diagnosis: Section<Plain<Diagnosis>> = {
  question: 'Does it underfit or overfit?',
  async answer(subject) {
    const seen = await subject.diagnosed();
    // a measured effect of dropout is part of the advice; if it was not measured, its own section says why
    const effect = (await orNull(subject.measured))?.dropout ?? null;
    const found = { ...seen, advice: adviceFor(seen.verdict, effect) };
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
