/** What can be put into the list, and how it is set. */
import { told } from '../../stage/params.ts';
import { nearestIn, type Option, takes, textOf, type Value, valueIn } from './option.ts';
import type { Technique } from './technique.ts';
import { augment } from './techniques/augment.ts';
import { averaging } from './techniques/averaging.ts';
import { dropout } from './techniques/dropout.ts';
import { gradients } from './techniques/gradients.ts';
import { l1 } from './techniques/l1.ts';
import { l2 } from './techniques/l2.ts';
import { schedules } from './techniques/schedules.ts';

const byName = new Map(
  [...dropout, ...l1, ...l2, ...gradients, ...averaging, ...augment, ...schedules].map(each => [each.name, each]),
);

export const names: readonly string[] = [...byName.keys()];

/** The package that a technique is from. */
export const familyOf = (name: string): string => `@keepprob/${byName.get(name)?.family}`;

interface Set {
  readonly name: string;
  readonly key: string;
  readonly option: Option;
  readonly value: Value;
}

/** What `l2.strength=0.001` names, and the text that it gives to it; nothing where it is no option of a technique. */
function namedIn(part: string): (Omit<Set, 'value'> & { readonly given: string }) | undefined {
  const [, name = '', key = '', given = ''] = /^\s*(\w+)\.(\w+)=(.*)$/.exec(part) ?? [];
  const settable = byName.get(name)?.settable ?? {};
  const option = Object.hasOwn(settable, key) ? settable[key] : undefined;
  return option && { name, key, option, given };
}

/** What `l2.strength=0.001;byEpoch.values=0.1,0.01` sets. Numbers are brought into range; what is no option of a technique, or none of its values, is skipped. */
const setIn = (text: string): Set[] =>
  text.split(';').flatMap(part => {
    const found = namedIn(part);
    const value = found && nearestIn(found.option, found.given);
    return found && value !== undefined ? [{ ...found, value }] : [];
  });

/** What of a text could not be taken as it stood, a sentence each. */
export const notesOn = (text: string): string[] =>
  text.split(';').flatMap(part => {
    if (!part.trim()) return [];
    const found = namedIn(part);
    if (!found) return [`“${told(part.trim())}” in the address sets no option of a technique.`];
    const { name, key, option, given } = found;
    if (valueIn(option, given) !== undefined) return [];
    const used = nearestIn(option, given) ?? option.value;
    return [`${name}.${key} takes ${takes(option)}, not “${told(given)}”: ${textOf(used)} is used.`];
  });

/** As the address has it: each once, and only what is not as it begins. */
const written = (all: readonly Set[]): string =>
  all
    .filter(({ name, key }, i) => all.findLastIndex(other => other.name === name && other.key === key) === i)
    .filter(({ option, value }) => textOf(value) !== textOf(option.value))
    .map(({ name, key, value }) => `${name}.${key}=${textOf(value)}`)
    .join(';');

/** What can be taken of a text. */
export const admitted = (text: string): string => written(setIn(text));

/** With one of them set. */
export const withSet = (text: string, name: string, key: string, value: Value): string =>
  admitted(`${text};${name}.${key}=${textOf(value)}`);

/** Only what is about these techniques. */
export const setOf = (text: string, list: readonly string[]): string =>
  written(setIn(text).filter(({ name }) => list.includes(name)));

/** Those of these names, in this order, set as the text says. */
export const techniquesOf = (list: readonly string[], text = ''): Technique[] => {
  const all = setIn(text);
  return list.flatMap(name => {
    const found = byName.get(name);
    const own = all.filter(set => set.name === name).map(({ key, value }) => [key, value] as const);
    return found ? [{ ...found, options: { ...found.options, ...Object.fromEntries(own) } }] : [];
  });
};
