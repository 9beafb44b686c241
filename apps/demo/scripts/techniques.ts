/** What the page knows of techniques, from the catalogues of the packages, so that it need not load TensorFlow.js for that. */
import { catalogue as augment } from '@keepprob/augment/catalogue';
import { catalogue as averaging } from '@keepprob/averaging/catalogue';
import type { Entry, LayerEntry, PluginEntry } from '@keepprob/core/catalogue';
import { catalogue as dropout } from '@keepprob/dropout/catalogue';
import { catalogue as gradients } from '@keepprob/gradients/catalogue';
import { catalogue as l1 } from '@keepprob/l1/catalogue';
import { catalogue as l2 } from '@keepprob/l2/catalogue';
import type { Technique } from '../src/scenes/compose/technique.ts';

const families = { dropout, l1, l2, gradients, averaging, augment };

/**
 * What acts in a step of a network of dense layers, and needs nothing but options, or a layer to go around. What goes around other plugins has no place in a
 * list.
 */
function isOffered(entry: Entry): entry is PluginEntry | LayerEntry {
  if (entry.kind === 'schedule') return false;
  if (entry.kind === 'plugin') return entry.takes === 'options' && !entry.trial.images && !entry.bench.layerArguments;
  return entry.bench.net === 'mlp' && ['behind', 'first', 'around'].includes(entry.bench.place);
}

const kindOf = (entry: PluginEntry | LayerEntry): Technique['kind'] =>
  entry.takes === 'layer' ? 'wrapper' : entry.kind;

/** Without the marks of code. */
const spoken = (text: string): string => text.replaceAll('`', '');

export function offered(): Technique[] {
  const found = Object.entries(families).flatMap(([family, catalogue]) =>
    catalogue.filter(isOffered).map(entry => ({ family, entry })),
  );
  // what cannot be met here is not warned of; Adam trains
  const met = new Set(['Adam', ...found.map(({ entry }) => entry.name)]);
  return found.map(({ family, entry }) => ({
    ...{ name: entry.name, family, kind: kindOf(entry), what: spoken(entry.what) },
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

export const written =
  (): string => `/** Every technique of the catalogues that acts in a step of this scene's network. Made from them: test/compose.test.ts says how. */
import { type Technique, technique } from './technique.ts';

export const techniques: readonly Technique[] = [
${offered().map(callOf).join(',\n')},
];
`;
