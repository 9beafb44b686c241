/** The log that a plugin monitors, and whether lower or higher is better. */

import type { Hooks, Logs } from '../contract.ts';
import { OptionError } from '../options/errors.ts';
import type { OptionWithFallback } from '../options/kind.ts';
import * as messages from '../options/messages.ts';
import * as option from '../options/option.ts';
import { nearest } from '../options/options.ts';
import { ownValue } from '../options/ownValue.ts';

/** Whether lower or higher is better; 'auto' depends on the name of the log, see `signOf`. */
export type Mode = 'auto' | 'min' | 'max';

/**
 * The option `mode`: 'auto', the fallback, 'min' or 'max'.
 * @example
 * checkOptions('myPlugin', { mode: modeOption }, {}).mode; // 'auto'
 */
export const modeOption: OptionWithFallback<Mode> = option.oneOf(['auto', 'min', 'max'], { fallback: 'auto' });

/**
 * The name that `fit` uses for a log: stock fit's `val_loss` is `valLoss`.
 * @example
 * logName('val_loss'); // 'valLoss'
 */
export const logName = (name: string): string =>
  name.replace(/_+([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Last words of the names of logs for which lower is better, and of those for which higher is better. */
const falling = new Set('loss error cost penalty gap crossentropy divergence perplexity mse mae mape rmse'.split(' '));
const rising = new Set('accuracy acc auc precision recall f1 iou dice r2'.split(' '));
/** What may follow such a word: `f1Score`, `auc_1`. */
const trailing = /^(score|coefficient|\d+)$/;

/** `valTop5Accuracy` → val, top5, accuracy. */
const wordsOf = (name: string): string[] =>
  (name.replace('IoU', 'Iou').match(/[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*|\d+/g) ?? []).map(word => word.toLowerCase());

/**
 * 1 if lower is better, −1 if higher is better, so that sign × value is lower for better values. In mode 'auto' the last word of the name decides: loss,
 * error, cost, penalty … fall; accuracy, AUC, precision, recall, F1, IoU, Dice, R² rise.
 * @example
 * signOf('myPlugin', 'valLoss', 'auto'); // 1
 * signOf('myPlugin', 'valAccuracy', 'auto'); // -1
 * @throws OptionError in mode 'auto' for a name that does not decide
 */
export function signOf(owner: string, monitor: string, mode: Mode): 1 | -1 {
  if (mode !== 'auto') return mode === 'max' ? -1 : 1;
  const word = wordsOf(monitor).findLast(w => !trailing.test(w)) ?? '';
  if (falling.has(word)) return 1;
  if (rising.has(word)) return -1;
  const expected = `'min' or 'max', since the name "${monitor}" does not tell whether lower or higher is better`;
  throw OptionError.of(owner, 'mode', expected, mode);
}

/** The name and hooks of a plugin. */
interface Member {
  readonly name: string;
  readonly hooks: Pick<Hooks, 'monitors'>;
}

/** A log that a plugin needs. */
export interface Monitored {
  /** The plugin that needs it. */
  readonly plugin: string;
  /** The name of the log. */
  readonly log: string;
}

/** The logs that the plugins return from their hook `monitors`. */
export const monitoredBy = (members: readonly Member[]): readonly Monitored[] =>
  members.flatMap(({ name, hooks }) => (hooks.monitors?.() ?? []).map(log => ({ plugin: name, log })));

/**
 * Checks, before the first update, that a run will have every log that its plugins monitor. Names are treated as in `logOf`.
 * @example
 * checkMonitors([{ plugin: 'earlyStopping', log: 'val_loss' }], ['loss', 'valLoss']);
 * @throws OptionError for a log that the run will not have; the error lists those it will have
 */
export function checkMonitors(monitored: readonly Monitored[], logs: readonly string[]): void {
  for (const { plugin, log } of monitored) checkLog(plugin, 'monitor', log, logs);
}

const has = (logs: readonly string[], name: string): boolean => logs.includes(name) || logs.includes(logName(name));

/** Whether an epoch has all of these logs; names are treated as in `logOf`. */
export const hasLogs = (logs: Logs, names: readonly string[]): boolean =>
  names.every(name => has(Object.keys(logs), name));

/**
 * Checks that a run will have a log of this name.
 * @example
 * checkLog('checkpoint', 'best', 'valLoss', ['loss', 'valLoss']);
 * @throws OptionError if it will not; the error lists the logs it will have
 */
export function checkLog(owner: string, as: string, name: string, logs: readonly string[]): void {
  if (has(logs, name)) return;
  const isOfDev = logName(name).startsWith('val') && !logs.some(log => log.startsWith('val'));
  const message = messages.logUnknown(owner, as, name, nearest(name, logs), logs, isOfDev);
  throw new OptionError(message, { option: as, received: name });
}

/**
 * The value of a log.
 * @example
 * logOf('myPlugin', { loss: 0.3, valLoss: 0.5 }, 'val_loss'); // 0.5
 * @throws OptionError if there is no such log; the error lists the existing ones
 */
export function logOf(owner: string, logs: Logs, name: string, as = 'monitor'): number {
  const value = ownValue(logs, name) ?? ownValue(logs, logName(name));
  if (value !== undefined) return value;
  checkLog(owner, as, name, Object.keys(logs));
  return Number.NaN;
}

/**
 * The value of a log as an error for ratios, as in Prechelt's criteria. NaN and Infinity become the largest finite number, which JSON can represent.
 * @example
 * errorOf('myPlugin', { valLoss: Infinity }, 'valLoss') === Number.MAX_VALUE; // true
 * @throws OptionError if there is no such log, or if it is negative
 */
export function errorOf(owner: string, logs: Logs, name: string, as?: string): number {
  const error = logOf(owner, logs, name, as);
  if (error < 0) throw OptionError.of(owner, as ?? 'monitor', 'a log that is never negative', `${name} = ${error}`);
  return Number.isFinite(error) ? error : Number.MAX_VALUE;
}
