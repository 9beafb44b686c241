/** What the page knows of techniques, from the catalogues of the packages, so that it need not load TensorFlow.js for that. */
import { catalogue as augment } from '@keepprob/augment/catalogue';
import { catalogue as averaging } from '@keepprob/averaging/catalogue';
import type { Entry } from '@keepprob/core/catalogue';
import { catalogue as dropout } from '@keepprob/dropout/catalogue';
import { catalogue as gradients } from '@keepprob/gradients/catalogue';
import { catalogue as l1 } from '@keepprob/l1/catalogue';
import { catalogue as l2 } from '@keepprob/l2/catalogue';
import { catalogue as schedules } from '@keepprob/schedules/catalogue';
import type { Kind, Technique } from '../src/scenes/compose/technique.ts';

const families = { dropout, l1, l2, gradients, averaging, augment, schedules };

/**
 * What it is in a list, where it acts in a step of a network of dense layers, and needs nothing but numbers, or a layer or plugins to go around. What is for
 * images, words or the ends of long trainings has no place there.
 */
function kindOf(entry: Entry, family: string): Kind | undefined {
  if (!Object.values(entry.options).every(value => typeof value === 'number')) return undefined;
  if (entry.kind === 'schedule') return family === 'dropout' ? 'keepProb' : 'rate';
  if (entry.kind === 'layer') {
    if (entry.bench.net !== 'mlp' || !['behind', 'first', 'around'].includes(entry.bench.place)) return undefined;
    return entry.takes === 'layer' ? 'wrapper' : 'layer';
  }
  if (entry.takes === 'plugins') return entry.of().length > 1 ? 'choice' : 'around';
  if (entry.takes === 'model' || entry.trial.images || entry.bench.layerArguments) return undefined;
  return family === 'augment' ? 'batch' : 'plugin';
}

/** Without the marks of code. */
const spoken = (text: string): string => text.replaceAll('`', '');

/** What a schedule does, and to what; names of its options are words like others. */
const told = (kind: Kind, what: string): string =>
  kind === 'rate' || kind === 'keepProb'
    ? `${kind === 'rate' ? 'the learning rate' : 'keepProb of dropout behind each hidden layer'}: ${what.replaceAll(/`(\w+)`/g, '“$1”')}`
    : what;

export function offered(): Technique[] {
  const found = Object.entries(families).flatMap(([family, catalogue]) =>
    catalogue.flatMap(entry => {
      const kind = kindOf(entry, family);
      return kind ? [{ family, entry, kind }] : [];
    }),
  );
  // what cannot be met here is not warned of; Adam trains
  const met = new Set(['Adam', ...found.map(({ entry }) => entry.name)]);
  return found.map(({ family, entry, kind }) => ({
    ...{ name: entry.name, family, kind, what: spoken(told(kind, entry.what)) },
    options: entry.options as Technique['options'],
    badly: Object.fromEntries(
      Object.entries(entry.combinesBadlyWith ?? {}).flatMap(([other, why]) =>
        met.has(other) ? [[other, spoken(why)]] : [],
      ),
    ),
  }));
}

const callOf = ({ family, kind, name, what, options, badly }: Technique): string => {
  const given = [family, kind, name, what, options, ...(Object.keys(badly).length ? [badly] : [])];
  return `technique(${given.map(value => JSON.stringify(value)).join(', ')})`;
};

const isSchedule = ({ kind }: Technique): boolean => kind === 'rate' || kind === 'keepProb';

const fileOf = (says: string, name: string, list: readonly Technique[]): string =>
  `/** ${says} Made from the catalogues: test/compose.test.ts says how. */
import { type Technique, technique } from './technique.ts';

export const ${name}: readonly Technique[] = [
${list.map(callOf).join(',\n')},
];
`;

/** The files of the scene that hold them. */
export const written = (): Readonly<Record<string, string>> => ({
  'techniques.ts': fileOf(
    'Every technique of the catalogues that acts in a step of this scene’s network.',
    'techniques',
    offered().filter(technique => !isSchedule(technique)),
  ),
  'schedules.ts': fileOf(
    'Every schedule of the catalogues that is made from numbers.',
    'schedules',
    offered().filter(isSchedule),
  ),
});
