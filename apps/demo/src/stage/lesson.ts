/** What the address says beside the settings: how a lesson wants the page. Text in it is only ever text. */

import { told } from './params.ts';

/** The keys, each with its longest value. */
export const limits = { embed: 0, title: 80, task: 600, lock: 400, tour: 8 } as const;

export interface Lesson {
  /** Without header and links home, for a frame in another page. */
  readonly embed: boolean;
  /** Empty where the page's own stands. */
  readonly title: string;
  readonly task: string;
  /** Names of settings that cannot be changed; `all` for all of them. */
  readonly lock: readonly string[];
  /** The part of it that is about the tour. */
  readonly tour: string;
  /** What could not be taken as it stood, a sentence each. */
  readonly notes: readonly string[];
}

/** An address' query in two: of the settings, and of what is beside them. */
export function split(query: string): { readonly settings: string; readonly beside: string } {
  const parts = query.split('&').filter(Boolean);
  const isBeside = (part: string): boolean => Object.hasOwn(limits, part.split('=', 1)[0] ?? '');
  return {
    settings: parts.filter(part => !isBeside(part)).join('&'),
    beside: parts.filter(isBeside).join('&'),
  };
}

/** Without what could disguise a text: control characters and marks that turn its direction. Line breaks stay. */
const plainly = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ' ')
    .replace(/ {2,}/g, ' ')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

/** Forgiving, like the settings: what is too long is cut, and that is said. */
export function lessonOf(beside: string): Lesson {
  const given = new URLSearchParams(beside);
  const notes: string[] = [];
  const text = (key: 'title' | 'task' | 'lock' | 'tour'): string => {
    const whole = plainly(given.get(key) ?? '');
    const most = limits[key];
    // by character, not in the middle of one
    const letters = Array.from(whole);
    if (letters.length <= most) return whole;
    notes.push(`“${key}” in the address is longer than ${most} characters, and was cut.`);
    return letters.slice(0, most).join('').trim();
  };
  const embed = given.get('embed');
  if (embed) notes.push('“embed” in the address takes no value.');
  return {
    embed: embed !== null,
    title: text('title').replaceAll('\n', ' '),
    task: text('task'),
    lock: text('lock')
      .split(',')
      .map(name => name.trim())
      .filter(Boolean),
    tour: text('tour'),
    notes,
  };
}

/** Which settings are locked, of those that a page has; what it has not is said. */
export function locked(
  lock: readonly string[],
  names: readonly string[],
): { readonly names: readonly string[]; readonly notes: readonly string[] } {
  if (lock.includes('all')) return { names, notes: [] };
  const unknown = lock.filter(name => !names.includes(name));
  return {
    names: names.filter(name => lock.includes(name)),
    notes: unknown.map(name => `“lock” in the address names “${told(name)}”, which is no setting of this page.`),
  };
}
