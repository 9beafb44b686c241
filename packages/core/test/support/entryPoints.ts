/** Functions of a package, each of their arguments in turn a value that nobody should give. */
import { DataError, OptionError, PluginError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { Hostile, hostile } from './hostile.ts';

export interface EntryPoint {
  readonly name: string;
  readonly keys: readonly string[];
  /** Calls it with arguments that are right. */
  works(): Promise<void>;
  /** Calls it with this hostile value in the place of one argument. */
  meet(key: string, value: string): Promise<void>;
}

interface More {
  /** By argument: hostile values that are right there. Null: the argument may be anything. */
  readonly takes?: Readonly<Record<string, readonly string[] | null>>;
  /** Other errors of the package. */
  readonly errors?: readonly (abstract new (
    ...args: never
  ) => Error)[];
}

/** An entry point, from arguments that are right and a call with them. What the arguments hold and what the call returns is let go of. */
export function entryPoint<A extends object>(
  name: string,
  make: () => A,
  call: (args: A) => unknown,
  more: More = {},
): EntryPoint {
  const good = make();
  const keys = Object.keys(good);
  letGo(Object.values(good));
  return {
    name,
    keys,
    async works() {
      const args = make();
      const returned = await call(args);
      letGo([returned, ...Object.values(Object(returned)), ...Object.values(args)]);
    },
    async meet(key, value) {
      const args = make();
      const given = hostile.get(value)?.();
      const before = tf.memory().numTensors;
      const outcome = await outcomeOf(() => call({ ...args, [key]: given }));
      if ('returned' in outcome) letGo([outcome.returned, ...Object.values(Object(outcome.returned))]);
      expect(tf.memory().numTensors, `tensors after ${value}`).toBeLessThanOrEqual(before);
      const taken = more.takes?.[key];
      if ('error' in outcome) checkError(value, outcome.error, more.errors ?? []);
      else if (taken !== null) expect(taken ?? [], `${value} was taken`).toContain(value);
      letGo([...Object.values(args), given]);
    },
  };
}

/** How many of the hostile values each argument meets: all, or one of n, others for each argument. */
export type Share = 'all' | number;

/** Every entry point refuses what it cannot take by an error that can be read, and keeps no tensor. */
export function refuseWhatTheyCannotTake(entries: readonly EntryPoint[], share: Share): void {
  const values = [...hostile.keys()];
  const tried = entries.flatMap(entry => entry.keys.map(key => ({ entry, key, title: `${entry.name}: ${key}` })));
  test.each(tried.map((one, index) => ({ ...one, index })))('$title', async ({ entry, key, index }) => {
    const met = share === 'all' ? values : values.filter((_, i) => i % share === index % share);
    if (key === entry.keys[0]) await entry.works();
    for (const value of met) await entry.meet(key, value);
  });
}

type Outcome = { readonly returned: unknown } | { readonly error: unknown };

async function outcomeOf(f: () => unknown): Promise<Outcome> {
  try {
    return { returned: await f() };
  } catch (error) {
    return { error };
  }
}

/** Disposes of tensors, models and whatever else can be, once. */
function letGo(values: readonly unknown[]): void {
  for (const value of values) {
    try {
      if (value instanceof tf.Tensor || (Array.isArray(value) && value[0] instanceof tf.Tensor)) tf.dispose(value);
      else if (typeof value === 'object' && value && 'dispose' in value && typeof value.dispose === 'function')
        value.dispose();
    } catch {
      // disposed before, or it fights back
    }
  }
}

function checkError(value: string, error: unknown, errors: NonNullable<More['errors']>): void {
  // what a value itself throws may come through, and so may what it is to a caller that does not know it is a class
  if (error instanceof Hostile || (value === 'class' && error instanceof TypeError)) return;
  const typed = [DataError, OptionError, PluginError, ...errors].some(type => error instanceof type);
  expect(typed, `${value}: ${String((error as Error)?.stack ?? error)}`).toBe(true);
  const { message } = error as Error;
  expect(message.length, `${value}: ${message}`).toBeGreaterThan(10);
  expect(message.length).toBeLessThan(2000);
}
