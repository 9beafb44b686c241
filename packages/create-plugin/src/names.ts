/** What things are called, from one name. */

export interface Names {
  /** Of the package: `keepprob-plugin-smooth-l1`. */
  readonly module: string;
  /** Of the factory: `smoothL1`. */
  readonly factory: string;
  /** Of the options' type: `SmoothL1Options`. */
  readonly options: string;
  /** Of a layer's class in saved models: `KeepprobPluginSmoothL1`. */
  readonly className: string;
}

const PREFIX = 'keepprob-plugin-';
const plain = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A name with the prefix of packages or without it; undefined for what is no name. */
export function namesOf(given: string): Names | undefined {
  const name = given.startsWith(PREFIX) ? given.slice(PREFIX.length) : given;
  // npm takes 214 characters
  if (!plain.test(name) || name.length > 100) return undefined;
  const factory = name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const type = capital(factory);
  return {
    module: PREFIX + name,
    factory: reserved.has(factory) ? `${factory}Plugin` : factory,
    options: `${type}Options`,
    className: `KeepprobPlugin${type}`,
  };
}

/** Words that TypeScript takes for itself, and names that the source imports. */
const reserved: ReadonlySet<string> = new Set(
  (
    'break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof new null ' +
    'return super switch this throw true try typeof var void while with yield let static implements interface package private protected public await async ' +
    'tf option options weights at x forward inner batch'
  ).split(' '),
);
