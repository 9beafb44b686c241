/** The log that is watched, and which way is better. */
import type { Logs } from '../contract.ts';
import { OptionError } from '../options/errors.ts';
import type { OptionWithFallback } from '../options/kind.ts';
import * as option from '../options/option.ts';

/** Whether lower or higher is better; 'auto' takes higher for accuracy, AUC, precision, recall and r2. */
export type Mode = 'auto' | 'min' | 'max';

export const modeOption: OptionWithFallback<Mode> = option.oneOf(['auto', 'min', 'max'], { fallback: 'auto' });

const higherIsBetter = /acc|auc|precision|recall|r2/i;

/** −1 where higher is better: sign × value is then lower for better values. */
export const signOf = (monitor: string, mode: Mode): 1 | -1 =>
  mode === 'max' || (mode === 'auto' && higherIsBetter.test(monitor)) ? -1 : 1;

/** @throws OptionError when there is no such log, with the logs there are */
export function logOf(owner: string, logs: Logs, name: string, as = 'monitor'): number {
  const value = logs[name];
  if (value === undefined) {
    throw OptionError.of(owner, as, `one of the logs of this run (${Object.keys(logs).join(', ')})`, name);
  }
  return value;
}

/**
 * An error to take ratios of, in Prechelt's criteria. NaN and Infinity count as the largest number there is, which JSON can hold.
 * @throws OptionError when there is no such log, or when it is negative
 */
export function errorOf(owner: string, logs: Logs, name: string, as?: string): number {
  const error = logOf(owner, logs, name, as);
  if (error < 0) throw OptionError.of(owner, as ?? 'monitor', 'a log that is never negative', `${name} = ${error}`);
  return Number.isFinite(error) ? error : Number.MAX_VALUE;
}
