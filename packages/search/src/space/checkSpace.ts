/** Checks that a tagged object is a space, whether it comes from code or from JSON. */
import { checkOptions, OptionError, option } from '@keepprob/core';
import { nearest } from '@keepprob/core/driver';
import * as messages from '../messages.ts';
import { isSame } from './plain.ts';
import type { ChoiceSpace, FloatSpace, IntSpace, KeepProbSpace, Space } from './spaces.ts';

const tag = option.string();
const share = option.optional(option.string());
const numbers = (integer: boolean) => ({
  space: tag,
  low: option.number({ integer }),
  high: option.number({ integer }),
  log: option.boolean({ fallback: false }),
  step: option.optional(option.number({ above: 0, integer })),
  off: option.optional(option.number()),
  share,
});

const kinds = {
  float: numbers(false),
  int: numbers(true),
  keepProb: { space: tag, low: option.keepProb(), high: option.keepProb(), share },
  choice: {
    space: tag,
    of: option.custom<readonly unknown[]>(
      'a list with at least one value',
      value => Array.isArray(value) && value.length > 0,
    ),
    off: option.custom<unknown>('one of the values', () => true, { fallback: undefined }),
    share,
  },
};

const known = Object.keys(kinds);
const isKind = (kind: unknown): kind is Space['space'] => known.includes(String(kind));

interface Tagged {
  readonly space: string;
}

/** Whether an object is meant to be a space: it has its own property `space`, which is a string. */
export const isTagged = (value: object): value is Tagged =>
  Object.hasOwn(value, 'space') && 'space' in value && typeof value.space === 'string';

/**
 * The space as given, without options that have no effect (`log: false`, undefined).
 * @param owner its name in errors: the function that made it, or its place in the config
 * @throws OptionError for an unknown kind or option, and for values that its kind does not accept
 */
export function checkSpace<S extends Tagged>(owner: string, given: S): S & Space {
  const { space } = given;
  if (!isKind(space)) {
    const near = nearest(space, known);
    throw new OptionError(messages.spaceUnknown(owner, space, near, known), { option: 'space', received: space });
  }
  checkOptions(owner, kinds[space], given);
  const checked = given as S & Space;
  if (checked.space === 'choice') checkOff(owner, checked);
  else checkBounds(owner, checked);
  const said = Object.entries(given).filter(([key, value]) => value !== undefined && !(key === 'log' && !value));
  return Object.fromEntries(said) as S & Space;
}

function checkOff(owner: string, space: ChoiceSpace): void {
  if (space.off === undefined || space.of.some(value => isSame(value, space.off))) return;
  throw OptionError.of(owner, 'off', 'one of the values of the choice', space.off);
}

function checkBounds(owner: string, space: FloatSpace | IntSpace | KeepProbSpace): void {
  const { low, high } = space;
  const fail = (option: string, received: unknown, message: string): never => {
    throw new OptionError(message, { option, received });
  };
  if (!(low < high)) fail('high', high, messages.boundsOrder(owner, low, high));
  if (space.space === 'keepProb') return;
  const { log, step } = space;
  if (log && low <= 0) fail('low', low, messages.logOfZero(owner, low));
  if (log && step !== undefined && !(space.space === 'int' && step === 1))
    fail('step', step, messages.logWithStep(owner, step));
  if (step === undefined) return;
  const steps = (high - low) / step;
  if (Math.abs(steps - Math.round(steps)) > 1e-9 * Math.max(1, steps) || Math.round(steps) < 1)
    fail('step', step, messages.stepMisfit(owner, low, high, step));
}
