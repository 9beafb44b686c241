/** Options are checked once, in the factory, before anything else happens. */
import { distance } from 'fastest-levenshtein';
import type { Json } from '../contract.ts';
import { OptionError } from './errors.ts';
import type { Option, OptionWithFallback, RequiredOption } from './kind.ts';
import * as messages from './messages.ts';
import { isTable } from './table.ts';

/** Whether callers may leave out the option `K` of `O`. */
type IsOptional<O, K extends keyof O> = Record<never, never> extends Pick<O, K> ? true : false;

/** What each option of `O` takes: an optional one has a fallback, a required one has none. */
export type OptionSpecs<O> = {
  readonly [K in keyof O]-?: IsOptional<O, K> extends true
    ? OptionWithFallback<Required<O>[K]>
    : RequiredOption<Required<O>[K]>;
};

/** Specs by option name. */
export type AnyOptionSpecs = Readonly<Record<string, Option<unknown>>>;

/** The options that these specs accept: those with a fallback may be left out. */
export type OptionsOf<Specs> = {
  readonly [K in keyof Specs as Specs[K] extends OptionWithFallback<unknown> ? never : K]: Accepted<Specs[K]>;
} & { readonly [K in keyof Specs as Specs[K] extends OptionWithFallback<unknown> ? K : never]?: Accepted<Specs[K]> };

type Accepted<Spec> = Spec extends Option<infer T> ? T : never;

/**
 * The arguments of a factory that takes options `O`, or a bare value of the type `Shorthand`. They may be left out if no option is
 * required; a factory without options takes no argument.
 */
export type OptionArguments<O, Shorthand = never> = keyof O extends never
  ? []
  : Record<never, never> extends O
    ? [options?: O | Shorthand]
    : [options: O | Shorthand];

/**
 * The known name closest to a mistyped one; undefined if none is close.
 * @example
 * nearest('keepProp', ['keepProb', 'seed']); // 'keepProb'
 */
export const nearest = (name: string, known: readonly string[]): string | undefined => {
  const most = Math.max(2, name.length / 3);
  const [best] = known
    // names whose lengths differ by more cannot be close, and may be long
    .filter(k => Math.abs(k.length - name.length) <= most)
    .map(k => [distance(name.toLowerCase(), k.toLowerCase()), k] as const)
    // drops names at the distance of names without a common letter
    .filter(([far, k]) => far < Math.max(name.length, k.length))
    .sort((a, b) => a[0] - b[0]);
  return best && best[0] <= most ? best[1] : undefined;
};

/**
 * Checks options and fills in fallbacks. The result is frozen.
 * @param owner the name, in errors, of the function that takes these options
 * @example
 * const specs = { width: option.number({ min: 1, integer: true }), mode: option.oneOf(['same', 'valid'], { fallback: 'same' }) };
 * checkOptions('smooth', specs, { width: 3 }); // { width: 3, mode: 'same' }
 * @throws OptionError for an unknown key, a missing option, a wrong type or a value out of range.
 */
export function checkOptions<O extends object>(owner: string, specs: OptionSpecs<O>, given: unknown): Required<O>;
/** The same for options whose type follows from their specs. */
export function checkOptions<Specs extends AnyOptionSpecs>(
  owner: string,
  specs: Specs,
  given: unknown,
): Required<OptionsOf<Specs>>;
export function checkOptions(owner: string, specs: AnyOptionSpecs, given: unknown): object {
  const entries = entriesOf(owner, given);
  const known = Object.keys(specs);
  for (const [key, received] of entries) {
    if (Object.hasOwn(specs, key)) continue;
    throw new OptionError(messages.optionUnknown(owner, key, nearest(key, known), known), { option: key, received });
  }
  const values = new Map(entries);
  return Object.freeze(
    Object.fromEntries(
      Object.entries(specs).map(([key, spec]) => [key, checkOption(owner, key, spec, values.get(key))] as const),
    ),
  );
}

/**
 * The entries of an options object.
 * @throws OptionError for any other value: a list, a Map, a layer or a model in place of options, or an object that cannot be read
 */
export function entriesOf(owner: string, given: unknown): [option: string, value: unknown][] {
  try {
    if (isTable(given)) return Object.entries(given);
  } catch {
    // the error is thrown below
  }
  throw new OptionError(messages.optionsNotObject(owner, given), {
    expected: 'an object of options',
    received: given,
  });
}

/**
 * Checks a named argument that is not part of an options object.
 * @example
 * checkArgument('save', 'path', option.string(), 'runs/1');
 * @throws OptionError with the name of the argument, what it takes and what was given
 */
export function checkArgument<T>(owner: string, name: string, spec: Option<T>, value: unknown): asserts value is T {
  if (!accepts(spec, value)) throw OptionError.of(owner, name, spec.expected, value);
}

function checkOption(owner: string, key: string, spec: Option<unknown>, value: unknown): unknown {
  const { expected } = spec;
  if (value === undefined) {
    if ('fallback' in spec) return spec.fallback;
    throw new OptionError(messages.optionMissing(owner, key, expected), { option: key, expected });
  }
  if (!accepts(spec, value)) throw OptionError.of(owner, key, expected, value);
  return value;
}

/** Values that cannot even be inspected, such as a proxy that denies access, are not accepted. */
function accepts(spec: Option<unknown>, value: unknown): boolean {
  try {
    return spec.accepts(value);
  } catch {
    return false;
  }
}

/** Options as JSON, for `config`; a function is replaced by its name, since it cannot be saved. */
export function toConfig(options: object): { [key: string]: Json } {
  const entries = Object.entries(options).map(([key, value]): [string, Json] => [
    key,
    typeof value === 'function' ? { function: value.name || 'anonymous' } : (value as Json),
  ]);
  return Object.fromEntries(entries);
}
