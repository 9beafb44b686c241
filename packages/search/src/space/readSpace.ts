/** Finds the spaces in a config, and builds the config for a point. */
import { OptionError } from '@keepprob/core';
import type { Dimension, Point } from '../contract.ts';
import * as messages from '../messages.ts';
import { checkSpace, isTagged } from './checkSpace.ts';
import type { Chosen } from './chosen.ts';
import { Dimensions, type Place } from './dimensions.ts';
import { isPlain } from './plain.ts';
import { numberIn } from './points.ts';
import type { ChoiceSpace, Space } from './spaces.ts';

/** A config and the spaces in it; V is the type of the config at a point. */
export interface SearchSpace<V = unknown> {
  /** The dimensions to search. A choice comes before everything that depends on it. */
  readonly dimensions: readonly Dimension[];
  /**
   * The config in which each space is replaced by its value. Lists and plain objects are new each time; everything else is passed on as it is.
   * @throws OptionError for a point that lacks a number
   */
  at(point: Point): V;
}

/** A part of a config as a function of the point. */
type Part = (point: Point) => unknown;

/**
 * Finds every space in a config. It walks lists and plain objects, their own keys only; functions, tensors and instances of classes are passed on as
 * they are. A dimension is named by its path; `share` makes several places one dimension. The values of a choice may hold more spaces: their names have
 * the index of the value, `regularizer[1].strength`, and they exist only if it is taken. A shared dimension exists wherever one of its places does.
 * @example
 * const { dimensions, at } = readSpace({ layers: [{ units: 16 }, { keepProb: keepProb(0.3, 1) }], l2: float(1e-6, 1e-2, { log: true }) });
 * dimensions.map(({ name }) => name); // ['layers[1].keepProb', 'l2']
 * at({ 'layers[1].keepProb': 0.5, l2: 1e-4 }); // { layers: [{ units: 16 }, { keepProb: 0.5 }], l2: 1e-4 }
 * @throws OptionError for a config without a space, a circular one, an invalid space (the error names its place), or different spaces that share a name
 */
export function readSpace<const C>(config: C): SearchSpace<Chosen<C>> {
  const found = new Dimensions();
  const root = read(config, { path: '', name: '', when: [], isShared: false }, found, []);
  const dimensions = found.list();
  if (dimensions.length === 0) throw new OptionError(messages.spaceNone(), { option: 'space', received: config });
  return { dimensions, at: point => root(point) as Chosen<C> };
}

function read(value: unknown, place: Place, found: Dimensions, around: readonly object[]): Part {
  if (!isPlain(value)) return () => value;
  if (around.includes(value)) throw new OptionError(messages.circular(named(place.path)), { received: value });
  const inside = [...around, value];
  if (isTagged(value)) return readOne(checkSpace(named(place.path), value), place, found, inside);
  if (Array.isArray(value)) {
    const parts = value.map((part: unknown, i) => read(part, under(place, `[${i}]`), found, inside));
    return point => parts.map(part => part(point));
  }
  const entries = Object.entries(value).map(
    ([key, part]) => [key, read(part, under(place, keyed(key, place.path)), found, inside)] as const,
  );
  return point => Object.fromEntries(entries.map(([key, part]) => [key, part(point)]));
}

function readOne(space: Space, place: Place, found: Dimensions, around: readonly object[]): Part {
  const name = found.add(space, { ...place, path: named(place.path), name: named(place.name) });
  return space.space === 'choice'
    ? readChoice(space, { ...place, name: space.share ?? place.name }, name, found, around)
    : point => numberAt(point, name);
}

function readChoice(
  space: ChoiceSpace,
  place: Place,
  name: string,
  found: Dimensions,
  around: readonly object[],
): Part {
  const isShared = place.isShared || space.share !== undefined;
  const branches = space.of.map((value, branch) => {
    const when = [...place.when, { name, branch }];
    return read(value, { ...under(place, `[${branch}]`), when, isShared }, found, around);
  });
  return point => {
    const branch = branches[numberAt(point, name)];
    if (branch) return branch(point);
    throw new OptionError(messages.pointLacks(name, `an index below ${branches.length}`, numberIn(point, name)), {
      option: name,
    });
  };
}

function numberAt(point: Point, name: string): number {
  const number = numberIn(point, name);
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw new OptionError(messages.pointLacks(name, 'a number', number), { option: name, received: number });
}

const under = (place: Place, key: string): Place => ({ ...place, path: place.path + key, name: place.name + key });

/** A key as JavaScript would write it after a path. */
function keyed(key: string, path: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `[${JSON.stringify(key)}]`;
  return path === '' ? key : `.${key}`;
}

/** The config itself may be a space; it then has no path. */
const named = (path: string): string => path || 'config';
