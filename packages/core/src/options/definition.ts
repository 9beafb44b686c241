/** How a factory describes itself, so that code that lists techniques needs no table of their names and options. */

import { custom } from './kind.ts';
import { fn, string } from './option.ts';
import { type AnyOptionSpecs, checkArgument } from './options.ts';
import { isTable } from './table.ts';

/** The name and options of a factory. */
export interface Definition {
  /** The name under which it is exported, as errors and configs use it. */
  readonly name: string;
  /** What each option takes. */
  readonly options: AnyOptionSpecs;
}

/**
 * The definition of a factory made by `definePlugin`, `defineLayer` or `defineReparametrization`, or of any function with a field `definition`; undefined
 * for anything else.
 * @example
 * Object.keys(definitionOf(l1)?.options ?? {}); // ['strength', 'where']
 */
export function definitionOf(factory: unknown): Definition | undefined {
  const definition = typeof factory === 'function' && (factory as { definition?: unknown }).definition;
  return isDefinition(definition) ? definition : undefined;
}

const isDefinition = (value: unknown): value is Definition =>
  typeof value === 'object' && value !== null && 'name' in value && 'options' in value;

/**
 * Checks the definition of a factory.
 * @throws OptionError if it is not an object with these names, functions and `options`
 */
export function checkDefinition(
  owner: string,
  definition: object,
  { names, functions }: { readonly names: readonly string[]; readonly functions: readonly string[] },
): void {
  const table = custom<Readonly<Record<string, unknown>>>('an object', isTable);
  checkArgument(owner, 'definition', table, definition);
  for (const name of names) checkArgument(owner, name, string(), definition[name]);
  checkArgument(owner, 'options', table, definition.options);
  for (const name of functions) checkArgument(owner, name, fn(), definition[name]);
}
