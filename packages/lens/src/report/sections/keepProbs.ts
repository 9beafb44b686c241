import { dropoutsOf } from '../../model/dropoutsOf.ts';
import { consumersOf } from '../../model/graph.ts';
import { suggestKeepProbs } from '../../suggest/suggestKeepProbs.ts';
import { suggestionsFigure, suggestionsHeadline } from '../../suggest/suggestKeepProbsWords.ts';
import type { SuggestedKeepProbs, Suggestion } from '../../suggest/types.ts';
import { code, figures, notes, table } from '../parts.ts';
import { type Plain, plain } from '../plain.ts';
import { CannotTell, type Section, type Subject } from '../section.ts';

/** A name as a key of an object. */
const key = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

/** The lines to paste; null where there is nothing to insert. */
export function codeFor({ keepProbs, input, layers }: SuggestedKeepProbs): string | null {
  const plainOnes = Object.entries(keepProbs).filter(([, keepProb]) => keepProb < 1);
  const others = layers.filter(({ technique, keepProb }) => technique && technique !== 'dropout' && keepProb < 1);
  const entries = plainOnes.map(([name, keepProb]) => `${key(name)}: ${keepProb}`);
  const lines = [
    ...(entries.length || input < 1
      ? [
          "import { keepProbs } from '@keepprob/dropout';",
          '',
          `const dropped = keepProbs(model, { ${entries.join(', ')} }${input < 1 ? `, { input: ${input} }` : ''});`,
        ]
      : []),
    ...others.map(({ technique, layer, behind, keepProb }) =>
      technique === 'recurrentDropout'
        ? `// in place of ${JSON.stringify(layer)}: dropoutLSTM, dropoutGRU or dropoutSimpleRNN with recurrentKeepProb: ${keepProb}`
        : `// behind ${JSON.stringify(behind)}: ${technique}({ keepProb: ${keepProb} })`,
    ),
  ];
  return lines.length ? lines.join('\n') : null;
}

/** What drops right behind a layer now. */
function now({ model }: Subject, { behind }: Suggestion): string {
  const next = consumersOf(model, model.getLayer(behind));
  const dropouts = dropoutsOf(model).filter(
    ({ layer, noise }) => next.includes(layer) && noise.target === 'activations',
  );
  return dropouts.map(({ keepProb }) => keepProb?.toString() ?? 'as scheduled').join(', ') || '–';
}

export const keepProbs: Section<Plain<SuggestedKeepProbs>> = {
  question: 'Which keepProb, and where?',
  async answer(subject) {
    const { input } = subject.options;
    const found = suggestKeepProbs(subject.model, typeof input === 'number' ? { input } : {});
    if (!found.layers.length) throw new CannotTell('The model has no weight matrix: there is nothing to suggest.');
    const rows = found.layers.map(s => [
      s.layer,
      s.size.toLocaleString('en'),
      s.keepProb === 1 ? '1.0' : `${s.keepProb} ${s.technique ?? ''}`,
      now(subject, s),
      s.reason,
    ]);
    const line = codeFor(found);
    return {
      verdict: suggestionsHeadline(found),
      tone: 'plain',
      body: [
        ...(line ? [code(line)] : []),
        ...table([['layer', 'weights', 'suggested', 'now', 'why'], ...rows]),
        ...(await figures(suggestionsFigure(found).panels)),
        ...notes([
          ...found.warnings,
          'From sizes alone: a place to start from. Whether dropout helps is for data to say.',
        ]),
      ],
      finding: plain(found),
    };
  },
};
