/** Collects the dimensions of a space: each has one name, which several places may share. */
import { OptionError } from '@keepprob/core';
import { distinct, show } from '@keepprob/core/driver';
import type { Dimension } from '../contract.ts';
import * as messages from '../messages.ts';
import { isTagged } from './checkSpace.ts';
import { isPlain, isSame } from './plain.ts';
import type { ChoiceSpace, Space } from './spaces.ts';

/** The place of a value in a config. */
export interface Place {
  readonly path: string;
  /** The name of its dimension by default: the path, or one that starts with the name of a shared choice. */
  readonly name: string;
  readonly when: Dimension['when'];
  /** Whether it is inside a choice that several places share, so that it is shared as well. */
  readonly isShared: boolean;
}

interface Found {
  readonly dimension: Dimension;
  readonly space: Space;
  readonly path: string;
  readonly isShared: boolean;
}

/** Dimensions by name, in the order in which they are found. */
export class Dimensions {
  readonly #found = new Map<string, Found>();

  /**
   * @returns the name of the dimension
   * @throws OptionError for a name that another place already has without sharing it, or shares with a different space
   */
  add(space: Space, place: Place): string {
    const name = space.share ?? place.name;
    const isShared = place.isShared || space.share !== undefined;
    const before = this.#found.get(name);
    const found = { dimension: dimensionOf(space, name, place.when), space, path: place.path, isShared };
    this.#found.set(name, before ? shared(before, found) : found);
    return name;
  }

  list(): readonly Dimension[] {
    return [...this.#found.values()].map(({ dimension }) => dimension);
  }
}

/** A shared dimension exists wherever either place needs it: under the conditions that both have in common. */
function shared(before: Found, found: Found): Found {
  const { name } = before.dimension;
  const what = { option: name, received: found.space };
  if (!before.isShared || !found.isShared)
    throw new OptionError(messages.nameTaken(name, before.path, found.path), what);
  if (!isSame(before.space, found.space))
    throw new OptionError(messages.shareDiffers(name, before.path, found.path), what);
  const when = before.dimension.when.filter(one => found.dimension.when.some(other => isSame(one, other)));
  return { ...before, dimension: { ...before.dimension, when } };
}

function dimensionOf(space: Space, name: string, when: Dimension['when']): Dimension {
  if (space.space === 'choice') return { kind: 'choice', name, when, labels: labelsOf(space), off: offIndex(space) };
  const { space: kind, low, high } = space;
  if (space.space === 'keepProb') return { kind, name, when, low, high, log: false, step: undefined, off: 1 };
  const { log = false, step = kind === 'int' ? 1 : undefined, off } = space;
  return { kind, name, when, low, high, log, step, off };
}

function offIndex({ of, off }: ChoiceSpace): number | undefined {
  const index = off === undefined ? -1 : of.findIndex(value => isSame(value, off));
  return index < 0 ? undefined : index;
}

const labelsOf = ({ of }: ChoiceSpace): string[] =>
  distinct(
    of.map(value => {
      const said = outline(value, []);
      return typeof said === 'string' ? said : show(said);
    }),
  );

/** A value in which each space is replaced by its kind. */
function outline(value: unknown, around: readonly object[]): unknown {
  if (!isPlain(value) || around.includes(value)) return value;
  if (isTagged(value)) return value.space;
  const inside = [...around, value];
  if (Array.isArray(value)) return value.map(part => outline(part, inside));
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, outline(part, inside)]));
}
