/** The parameters of a scene: one typed table, from which the controls, the address and the worker's settings follow. */

interface Common<V> {
  readonly label: string;
  /** What it does, for the line under the control. */
  readonly hint: string;
  /** The heading under which its control stands. */
  readonly group: string;
  readonly fallback: V;
  /** Takes effect in mid-run; the others start the run over. */
  readonly live: boolean;
  /** Changes what is drawn and nothing else, so that curves have no mark of it. */
  readonly picture?: boolean;
  readonly show: (value: V) => string;
}

/** A value from a fixed ladder, linear or not: a slider moves over the rungs, a list shows them. */
export interface Ladder extends Common<number> {
  readonly control: 'slider' | 'list';
  readonly stops: readonly number[];
}

export interface Integer extends Common<number> {
  readonly control: 'integer';
  readonly min: number;
  readonly max: number;
}

/** One of several things that have names. */
export interface Choice extends Common<string> {
  readonly control: 'choice';
  readonly choices: readonly string[];
}

/** Some of several things that have names, each at most once, in an order: the names with commas between them. */
export interface Sequence extends Common<string> {
  readonly control: 'sequence';
  readonly choices: readonly string[];
  /** Where there are many: the heading under which each is offered. */
  readonly headingOf?: (choice: string) => string;
}

/** A text that the scene has a control of its own for: drawn points. */
export interface Own extends Common<string> {
  readonly control: 'own';
  /** What can be taken of it. */
  readonly admit: (text: string) => string;
  /** What could not be taken as it stood, a sentence each, where the text says several things. */
  readonly notes?: (text: string) => readonly string[];
}

export type Param = Ladder | Integer | Choice | Sequence | Own;
export type Value = number | string;
export type Table = Readonly<Record<string, Param>>;
export type Settings<T extends Table = Table> = {
  readonly [N in keyof T]: T[N] extends Choice | Sequence | Own
    ? string
    : T[N] extends Ladder | Integer
      ? number
      : Value;
};

export const namesOf = <T extends Table>(table: T): (keyof T & string)[] => Object.keys(table);

export const defaultsOf = <T extends Table>(table: T): Settings<T> => settingsOf(table, param => param.fallback);

function settingsOf<T extends Table>(table: T, value: (param: Param, name: string) => Value): Settings<T> {
  return Object.fromEntries(Object.entries(table).map(([name, param]) => [name, value(param, name)])) as Settings<T>;
}

/** The nearest value that the control can take; its fallback for what is none. */
export function admit(param: Param, value: Value): Value {
  if (param.control === 'choice')
    return typeof value === 'string' && param.choices.includes(value) ? value : param.fallback;
  if (param.control === 'own') return param.admit(String(value));
  if (param.control === 'sequence')
    return [...new Set(itemsOf(String(value)))].filter(name => param.choices.includes(name)).join();
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  if (!Number.isFinite(number)) return param.fallback;
  if (param.control === 'integer') return Math.min(param.max, Math.max(param.min, Math.round(number)));
  return param.stops.reduce((best, stop) => (Math.abs(stop - number) < Math.abs(best - number) ? stop : best));
}

export const shown = (param: Param, value: Value): string =>
  isText(param) ? param.show(String(value)) : param.show(Number(value));

const isText = (param: Param): param is Choice | Sequence | Own =>
  param.control === 'choice' || param.control === 'sequence' || param.control === 'own';

/** Long texts are cut off where they are told. */
export const told = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** Not more notes than a page has room for. */
export const few = (notes: readonly string[]): readonly string[] =>
  notes.length > 6 ? [...notes.slice(0, 5), `And ${notes.length - 5} more like these.`] : notes;

/** The names in a sequence. */
export const itemsOf = (value: string): string[] => value.split(',').filter(Boolean);

/** `keepProb1=0.5&seed=3`: what differs from the defaults. */
export const toQuery = <T extends Table>(table: T, settings: Settings<T>): string =>
  namesOf(table)
    .filter(name => settings[name] !== table[name]?.fallback)
    .map(name => `${name}=${encodeURIComponent(String(settings[name]))}`)
    .join('&');

export interface Read<T extends Table> {
  readonly settings: Settings<T>;
  /** What could not be taken as it stood, a sentence each. */
  readonly notes: readonly string[];
}

/** Forgiving: unknown names are skipped, values are brought into range, and both are said. */
export function fromQuery<T extends Table>(table: T, query: string): Read<T> {
  const given = new URLSearchParams(query);
  const notes: string[] = [];
  for (const name of new Set(given.keys()))
    if (!Object.hasOwn(table, name)) notes.push(`“${told(name)}” in the address is no setting of this page.`);
  const settings = settingsOf(table, (param, name) => {
    const text = given.get(name);
    if (text === null) return param.fallback;
    const value = admit(param, text);
    const same = isText(param) ? value === text : text.trim() !== '' && value === Number(text);
    if (param.control === 'own' && param.notes) notes.push(...param.notes(text));
    else if (!same) notes.push(`${param.label} cannot be “${told(text)}”: ${shown(param, value)} is used.`);
    return value;
  });
  return { settings, notes };
}
