/** Sequences of numbers, and sequences of schedules. */
import { OptionError } from '../options/errors.ts';
import { entriesOf } from '../options/options.ts';
import { isSchedule, type Schedule } from '../options/schedule.ts';

/**
 * One schedule after the other. Each part says how many updates it lasts, and counts its updates from its own start. The last part lasts forever.
 * @example
 * const rate = sequence([500, linear({ from: 0, to: 0.1, steps: 500 })], [Infinity, cosine({ from: 0.1, to: 0, steps: 9500 })]);
 * valueAt(rate, { ...at, step: 500 }); // 0.1
 * @throws OptionError for a part whose length is not an integer ≥ 1, or that is neither a number nor a schedule
 */
export function sequence(...parts: readonly (readonly [steps: number, schedule: number | Schedule])[]): Schedule {
  if (!parts.length) throw OptionError.of('sequence', 'parts', 'pairs of a number of updates and a schedule', parts);
  const steps: number[] = [];
  let begin = 0;
  for (const [i, pair] of parts.entries()) {
    const length = checkPart(`parts[${i}]`, pair, i === parts.length - 1);
    steps.push(begin);
    begin += length;
  }
  const values = parts.flatMap(([, part]) => (typeof part === 'number' ? [part] : part.values));
  return Object.freeze({ schedule: 'sequence', values, parts: parts.map(([, part]) => part), steps });
}

/** The number of updates that a part lasts. */
function checkPart(name: string, pair: unknown, isLast: boolean): number {
  if (!Array.isArray(pair) || pair.length !== 2)
    throw OptionError.of('sequence', name, 'a pair [updates, a number or a schedule]', pair);
  const [length, part]: readonly unknown[] = pair;
  const isCount = typeof length === 'number' && Number.isSafeInteger(length) && length >= 1;
  if (!isCount && !(isLast && length === Infinity))
    throw OptionError.of('sequence', name, 'an integer ≥ 1 of updates (the last may be Infinity)', length);
  if (!Number.isFinite(part) && !isSchedule(part))
    throw OptionError.of('sequence', name, 'a number or a schedule', part);
  return Number(length);
}

/**
 * One value per epoch: values[e] in epoch e. The last value lasts forever.
 * @example
 * schedule({ learningRate: byEpoch([0.1, 0.1, 0.01]) });
 * valueAt(byEpoch([0.1, 0.1, 0.01]), { ...at, epoch: 5 }); // 0.01
 * @throws OptionError for an empty list, and for values that are not finite numbers
 */
export function byEpoch(values: readonly number[]): Schedule {
  if (!Array.isArray(values) || !values.length) throw OptionError.of('byEpoch', 'values', 'a list of numbers', values);
  for (const [i, value] of values.entries()) checkNumber('byEpoch', `values[${i}]`, value);
  return Object.freeze({ schedule: 'byEpoch', values: [...values] });
}

/**
 * Each value applies from its update on. The first key must be 0.
 * @example
 * schedule({ learningRate: byStep({ 0: 0.1, 1000: 0.01 }) });
 * valueAt(byStep({ 0: 0.1, 1000: 0.01 }), { ...at, step: 999 }); // 0.1
 * @throws OptionError for keys that are not updates, and for values that are not finite numbers
 */
export function byStep(table: Readonly<Record<number, number>>): Schedule {
  const entries = entriesOf('byStep', table)
    .map(([step, value]) => ({ step: Number(step), value }))
    .sort((a, b) => a.step - b.step);
  if (entries[0]?.step !== 0 || !entries.every(({ step }) => Number.isSafeInteger(step)))
    throw OptionError.of('byStep', 'table', 'an object whose keys are updates, the first of them 0', table);
  for (const { step, value } of entries) checkNumber('byStep', `table[${step}]`, value);
  const steps = entries.map(({ step }) => step);
  return Object.freeze({ schedule: 'byStep', steps, values: entries.map(({ value }) => Number(value)) });
}

function checkNumber(owner: string, name: string, value: unknown): void {
  if (!Number.isFinite(value)) throw OptionError.of(owner, name, 'a finite number', value);
}
