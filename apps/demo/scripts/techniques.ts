/** What the page knows of techniques, from the catalogues of the packages, so that it need not load TensorFlow.js for that. */
import { catalogue as augment } from '@keepprob/augment/catalogue';
import { catalogue as averaging } from '@keepprob/averaging/catalogue';
import type { Entry } from '@keepprob/core/catalogue';
import { catalogue as dropout } from '@keepprob/dropout/catalogue';
import { catalogue as gradients } from '@keepprob/gradients/catalogue';
import { catalogue as l1 } from '@keepprob/l1/catalogue';
import { catalogue as l2 } from '@keepprob/l2/catalogue';
import { catalogue as schedules } from '@keepprob/schedules/catalogue';
import { catalogue as stopping } from '@keepprob/stopping/catalogue';
import { fallback, given, type Option } from '../src/scenes/compose/option.ts';
import { type Kind, type Technique, technique } from '../src/scenes/compose/technique.ts';
import { rangeOf } from './ranges.ts';

const families = { dropout, l1, l2, gradients, averaging, augment, schedules, stopping };

/** Reasons why one is not in the list, as the page says them. */
const reasons = {
  images: 'for images or volumes; the rows here are 64 numbers each',
  words: 'for sequences of words; the rows here are 64 numbers each',
  rules: 'ends a training or lowers its rate by what dev data say, or by NaN; here every step is measured',
  schedule: 'is what each schedule in the list is given to',
} as const;

type Reason = keyof typeof reasons;

/** What a technique is in a list of a network of dense layers, or why it has no place there. */
function placeOf(entry: Entry, family: string): { readonly kind: Kind } | { readonly reason: Reason } {
  if (family === 'stopping') return { reason: 'rules' };
  if (entry.name === 'schedule') return { reason: 'schedule' };
  if (entry.kind === 'schedule') {
    if (family === 'dropout') return { kind: 'keepProb' };
    return { kind: entry.name === 'sequence' ? 'rates' : 'rate' };
  }
  if (entry.kind === 'layer') {
    const { net } = entry.bench;
    if (net !== 'mlp') return { reason: net === 'text' ? 'words' : 'images' };
    return { kind: entry.takes === 'layer' ? 'wrapper' : 'layer' };
  }
  if (entry.takes === 'plugins') return { kind: entry.of().length > 1 ? 'choice' : 'around' };
  if (entry.takes === 'model') return { kind: 'constraints' };
  if (entry.trial.images) return { reason: 'images' };
  return { kind: family === 'augment' ? 'batch' : 'plugin' };
}

const layers = ['hidden1', 'hidden2', 'output'];

/** Options that this scene has in the place of the entry's: those are of other networks, or not of numbers. */
const ownOptions: Readonly<Record<string, Readonly<Record<string, Option>>>> = {
  layerRates: { rates: given({ hidden1: 0.1, hidden2: 0.3 }, { min: 0, keys: layers }) },
  layerConstraints: { maxValue: given(3, { above: 0 }) },
  sequence: { steps: given(50, { min: 1, integer: true }) },
  byStep: { values: given({ 0: 0.01, 100: 0.001 }, { min: 0 }) },
  byEpoch: { values: given([0.01, 0.003, 0.001], { min: 0 }) },
};

/** How often a part of the step is done, by option: as often as is of use here, since a step takes as much longer. */
const most: Readonly<Record<string, number>> = { projections: 64, powerIterations: 64 };

/** What is said of them besides. */
const besides: Readonly<Record<string, string>> = {
  layerConstraints: '; here every layer has the kernelConstraint maxNorm, with this maxValue',
  sequence: '; here those right behind it in the list, each for so many updates, the last for ever',
};

function settableOf(entry: Entry, kind: Kind): Record<string, Option> {
  const own = ownOptions[entry.name];
  if (own) return own;
  const begin = new Map(Object.entries(entry.options));
  const names = new Set([...begin.keys(), ...Object.keys(entry.definition.options)]);
  return Object.fromEntries(
    [...names].flatMap(name => {
      const value: unknown = begin.get(name) ?? entry.definition.options[name]?.fallback;
      if (typeof value !== 'number') return [];
      const max = most[name];
      const range = { ...rangeOf(entry, kind, name), ...(max !== undefined && { max }) };
      return [[name, (begin.has(name) ? given : fallback)(value, range)]];
    }),
  );
}

/** Without the marks of code. */
const spoken = (text: string): string => text.replaceAll('`', '');

const schedulesOf: Partial<Record<Kind, string>> = {
  rate: 'the learning rate',
  rates: 'the learning rate',
  keepProb: 'keepProb of dropout behind each hidden layer',
};

/** What a schedule does, and to what; names of its options are words like others. */
const told = (kind: Kind, name: string, what: string): string =>
  `${schedulesOf[kind] ? `${schedulesOf[kind]}: ${what.replaceAll(/`(\w+)`/g, '“$1”')}` : what}${besides[name] ?? ''}`;

const all = Object.entries(families).flatMap(([family, catalogue]) =>
  catalogue.map(entry => ({ family, entry, place: placeOf(entry, family) })),
);

export function offered(): Technique[] {
  const found = all.flatMap(({ family, entry, place }) =>
    'kind' in place ? [{ family, entry, kind: place.kind }] : [],
  );
  // what cannot be met here is not warned of; Adam trains
  const met = new Set(['Adam', ...found.map(({ entry }) => entry.name)]);
  return found.map(({ family, entry, kind }) => {
    const badly = Object.entries(entry.combinesBadlyWith ?? {}).flatMap(([other, why]) =>
      met.has(other) ? [[other, spoken(why)]] : [],
    );
    const what = spoken(told(kind, entry.name, entry.what));
    return technique(family, kind, entry.name, what, settableOf(entry, kind), Object.fromEntries(badly));
  });
}

/** What is not offered, by the reason why. */
export const leftOut = (): { why: string; names: string[] }[] =>
  Object.entries(reasons).map(([reason, why]) => ({
    why,
    names: all.flatMap(({ entry, place }) => ('reason' in place && place.reason === reason ? [entry.name] : [])),
  }));

const optionCall = ({ value, isGiven, ...range }: Option): string => {
  const all = [value, ...(Object.keys(range).length ? [range] : [])];
  return `${isGiven ? 'given' : 'fallback'}(${all.map(each => JSON.stringify(each)).join(', ')})`;
};

const callOf = ({ family, kind, name, what, settable, badly }: Technique): string => {
  const words = [family, kind, name, what].map(word => JSON.stringify(word));
  const options = Object.entries(settable).map(([key, option]) => `${key}: ${optionCall(option)}`);
  const bad = Object.keys(badly).length ? [JSON.stringify(badly)] : [];
  return `technique(${[...words, `{ ${options.join(', ')} }`, ...bad].join(', ')})`;
};

const made = 'Made from the catalogues: test/compose.test.ts says how.';

function fileOf(family: string): string {
  const calls = offered()
    .filter(each => each.family === family)
    .map(callOf)
    .join(',\n');
  const used = ['fallback', 'given'].filter(name => calls.includes(`${name}(`));
  return `/** What the catalogue of @keepprob/${family} offers here. ${made} */
import { ${used.join(', ')} } from '../option.ts';
import { type Technique, technique } from '../technique.ts';

export const ${family}: readonly Technique[] = [
${calls},
];
`;
}

/** The files of the scene that hold them. */
export const written = (): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(
    [...new Set(offered().map(({ family }) => family))].map(family => [`techniques/${family}.ts`, fileOf(family)]),
  ),
  'techniques/leftOut.ts': `/** What of the catalogues is not offered, and why. ${made} */
export const leftOut: readonly { readonly why: string; readonly names: readonly string[] }[] = ${JSON.stringify(leftOut())};
`,
});
