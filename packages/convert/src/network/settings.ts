/** Reads the settings of a layer with the right types. */
import { isTable } from '@keepprob/core/driver';

/** The config of a layer, in the names of TensorFlow.js. */
export type Settings = Readonly<Record<string, unknown>>;

export const numberIn = (settings: Settings, key: string, fallback = 0): number => {
  const value = settings[key];
  return typeof value === 'number' ? value : fallback;
};
export const flagIn = (settings: Settings, key: string, fallback: boolean): boolean => {
  const value = settings[key];
  return typeof value === 'boolean' ? value : fallback;
};
export const textIn = (settings: Settings, key: string, fallback = ''): string => {
  const value = settings[key];
  return typeof value === 'string' ? value : fallback;
};
const isNumber = (value: unknown): value is number => typeof value === 'number';

/** A list of numbers; for a single number, a list with `count` copies. */
export function numbersIn(settings: Settings, key: string, count = 1): number[] {
  const value = settings[key];
  if (isNumber(value)) return Array.from({ length: count }, () => value);
  return Array.isArray(value) ? value.filter(isNumber) : [];
}

/** `{ className, config }`, as regularizers, constraints, initializers and inner layers are saved. */
export interface Saved {
  readonly className: string;
  readonly config: Settings;
}

/** The object saved under a key; undefined if there is none. */
export function savedIn(settings: Settings, key: string): Saved | undefined {
  const value = settings[key];
  if (!isTable(value)) return undefined;
  const name = value.className ?? value.class_name;
  if (typeof name !== 'string') return undefined;
  return { className: name, config: isTable(value.config) ? value.config : {} };
}
