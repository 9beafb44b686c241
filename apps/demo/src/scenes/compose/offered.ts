/** What can be put into the list. */
import { schedules } from './schedules.ts';
import type { Technique } from './technique.ts';
import { techniques } from './techniques.ts';

const byName = new Map([...techniques, ...schedules].map(each => [each.name, each]));

export const names: readonly string[] = [...byName.keys()];

/** Those of these names, in this order. */
export const techniquesOf = (list: readonly string[]): Technique[] => list.flatMap(name => byName.get(name) ?? []);
