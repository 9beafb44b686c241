/** What a factory says of itself, so that whoever lists techniques needs no table of their names and options. */
import type { AnyOptionSpecs } from './options.ts';

/** What a factory says of itself. */
export interface Definition {
  /** How errors and configs call it: the name under which it is exported. */
  readonly name: string;
  /** What each option takes. */
  readonly options: AnyOptionSpecs;
}

/**
 * The definition of a factory that `definePlugin`, `defineLayer` or `defineReparametrization` made, or that carries one as `definition`;
 * undefined for everything else.
 * @example
 * Object.keys(definitionOf(l1)?.options ?? {}); // ['strength', 'where']
 */
export function definitionOf(factory: unknown): Definition | undefined {
  const definition = typeof factory === 'function' && (factory as { definition?: unknown }).definition;
  return isDefinition(definition) ? definition : undefined;
}

const isDefinition = (value: unknown): value is Definition =>
  typeof value === 'object' && value !== null && 'name' in value && 'options' in value;
