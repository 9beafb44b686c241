/** A suggestion as a change to the existing model: lines of JavaScript, or entries of a config. */
import type { SuggestedKeepProbs, Suggestion } from './types.ts';

/** How the model is defined. */
export type Written = 'code' | 'json';

/** A name as a key of an object. */
const key = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));
const table = (entries: Readonly<Record<string, number>>): string =>
  `{ ${Object.entries(entries)
    .map(([name, keepProb]) => `${key(name)}: ${keepProb}`)
    .join(', ')} }`;

/** The suggestions that insert a layer or replace one. */
const inserted = ({ layers }: SuggestedKeepProbs): Suggestion[] =>
  layers.filter(({ technique, keepProb, now }) => technique && keepProb < 1 && !now.length);

/** The lines to paste; null if there is nothing to change. */
export function changeIn(found: SuggestedKeepProbs, written: Written): string | null {
  const lines = written === 'json' ? json(found) : code(found);
  return lines.length ? lines.join('\n') : null;
}

function code(found: SuggestedKeepProbs): string[] {
  const { set, input } = found;
  const plain = Object.fromEntries(Object.entries(found.keepProbs).filter(([, keepProb]) => keepProb < 1));
  const inserts = Object.keys(plain).length > 0 || input < 1;
  const sets = Object.keys(set).length > 0;
  const names = [...(inserts ? ['keepProbs'] : []), ...(sets ? ['setKeepProb'] : [])];
  return [
    ...(names.length ? [`import { ${names.join(', ')} } from '@keepprob/dropout';`, ''] : []),
    ...(sets ? [`setKeepProb(model, ${table(set)});`] : []),
    ...(inserts
      ? [`const dropped = keepProbs(model, ${table(plain)}${input < 1 ? `, { input: ${input} }` : ''});`]
      : []),
    ...inserted(found).flatMap(({ technique, layer, behind, keepProb }) => {
      if (technique === 'dropout') return [];
      return technique === 'recurrentDropout'
        ? `// in place of ${JSON.stringify(layer)}: dropoutLSTM, dropoutGRU or dropoutSimpleRNN with recurrentKeepProb: ${keepProb}`
        : `// behind ${JSON.stringify(behind)}: ${technique}({ keepProb: ${keepProb} })`;
    }),
  ];
}

/** One line for each new entry in a list of layers, or change to an existing one. */
function json(found: SuggestedKeepProbs): string[] {
  const { set, input } = found;
  return [
    ...(input < 1 ? [`before the first layer: { "layer": "dropout", "keepProb": ${input} }`] : []),
    ...Object.entries(set).map(
      ([name, keepProb]) => `in the entry of ${JSON.stringify(name)}: "keepProb": ${keepProb}`,
    ),
    ...inserted(found).map(({ technique, layer, behind, keepProb }) =>
      technique === 'recurrentDropout'
        ? `in place of the entry of ${JSON.stringify(layer)}: "dropoutLSTM", "dropoutGRU" or "dropoutSimpleRNN" with "recurrentKeepProb": ${keepProb}`
        : `behind the entry of ${JSON.stringify(behind)}: { "layer": ${JSON.stringify(technique)}, "keepProb": ${keepProb} }`,
    ),
  ];
}
