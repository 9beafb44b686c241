import { OptionError, PluginError, type TrainingPlugin } from '@keepprob/core';
import type { Entry } from '@keepprob/core/catalogue';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hostile } from '../../../core/test/support/hostile.ts';
import { catalogue } from '../support/candidates.ts';
import { cases, holds } from './failures.ts';

/** How often a property is tried, and from where. */
export interface Tries {
  readonly numRuns: number;
  readonly seed: number;
}

/** Nothing leaks, every error has a type, and the model trains on. */
export function anyFailure(tries: Tries): void {
  test('ends with an error of ours or with the one that was thrown, and leaves nothing', async () => {
    let failed = 0;
    const property = fc.asyncProperty(cases, async given => {
      if ((await holds(given)) !== undefined) failed++;
    });
    await fc.assert(property, tries);
    // the property is about failures: many of the runs must have had one
    expect(failed).toBeGreaterThan(tries.numRuns / 4);
  });
}

/** Makes a technique from whatever options. */
function make(entry: Entry, options: object): unknown {
  if (entry.kind === 'schedule') return entry.make(options);
  if (entry.kind === 'layer') return entry.make(options, entry.around());
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  const plugin: TrainingPlugin = entry.make(options, { model, of: entry.of() });
  return plugin;
}

/** Every factory takes an option or refuses it by an OptionError that can be read; nothing else is thrown, and nothing leaks. */
export function anyOption(tries: Tries): void {
  test.each(catalogue.map(entry => [entry.name, entry] as const))('%s', (_, entry) => {
    const names = [...Object.keys(entry.definition.options), 'noSuchOption', '__proto__', 'toString'];
    const good: object = entry.kind === 'schedule' ? entry.options : (entry.trial.options ?? entry.options);
    const draw = [fc.constantFrom(...names), fc.constantFrom(...hostile.keys()), fc.boolean()] as const;
    const property = fc.property(...draw, (name, value, alone) => {
      const options = Object.fromEntries([...(alone ? [] : Object.entries(good)), [name, hostile.get(value)?.()]]);
      try {
        make(entry, options);
      } catch (error) {
        const typed = error instanceof OptionError || error instanceof PluginError;
        expect(typed, String((error as Error)?.stack ?? error)).toBe(true);
        const { message } = error as Error;
        expect(message.length).toBeGreaterThan(10);
        expect(message.length).toBeLessThan(2000);
      }
    });
    fc.assert(property, tries);
  });
}
