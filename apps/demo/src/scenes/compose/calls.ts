/** Techniques as they are called in a program. */
import type { Nested } from './nested.ts';
import type { Value } from './option.ts';
import type { Technique } from './technique.ts';

const pairs = (entries: readonly (readonly [string, string | number])[]): string =>
  `{ ${entries.map(([key, value]) => `${key}: ${value}`).join(', ')} }`;

const written = (value: Value): string => {
  if (typeof value === 'number') return String(value);
  return Array.isArray(value) ? `[${value.join(', ')}]` : pairs(Object.entries(value));
};

const optionsOf = ({ options }: Technique): [string, string][] =>
  Object.entries(options).map(([key, value]) => [key, written(value)]);

/** What is made from one value, and not from options. */
const isBare = ({ name }: Technique): boolean => name === 'byStep' || name === 'byEpoch';

/** A schedule, or a layer or plugin made from options alone. */
function plainCallOf(technique: Technique): string {
  const given = optionsOf(technique);
  if (isBare(technique)) return `${technique.name}(${given.map(([, value]) => value).join(', ')})`;
  return `${technique.name}(${given.length ? pairs(given) : ''})`;
}

/** `weightNorm(layer)`; with a name where the code says which. */
export function wrapperCallOf(technique: Technique, inner = 'layer', name = ''): string {
  const given = [...optionsOf(technique), ...(name ? [['name', name] as const] : [])];
  return `${technique.name}(${[inner, ...(given.length ? [pairs(given)] : [])].join(', ')})`;
}

/** `sequence([50, linear(…)], [Infinity, cosine(…)])`; the last lasts for ever. */
const inTurn = (parts: readonly string[], steps: string): string =>
  `sequence(${parts.map((part, i) => `[${i < parts.length - 1 ? steps : 'Infinity'}, ${part}]`).join(', ')})`;

/**
 * `l2({ strength: 0.0001 })`
 * @param inner what it goes around, as code
 */
function callAround(technique: Technique, inner: readonly string[]): string {
  const { name, kind } = technique;
  const given = optionsOf(technique).map(([, value]) => value);
  if (kind === 'around' || kind === 'choice') return `${name}(${[...inner, ...given].join(', ')})`;
  if (kind === 'rates') return `schedule({ learningRate: ${inTurn(inner, given.join())} })`;
  if (kind === 'rate') return `schedule({ learningRate: ${plainCallOf(technique)} })`;
  if (kind === 'keepProb') return `dropout({ keepProb: ${plainCallOf(technique)} })`;
  if (kind === 'constraints') return `${name}(model)`;
  return kind === 'wrapper' ? wrapperCallOf(technique) : plainCallOf(technique);
}

/** By itself, with dots for what it goes around. */
export const callOf = (technique: Technique): string =>
  callAround(technique, technique.kind === 'rates' ? ['…', '…'] : ['…']);

/** With what it goes around. */
export function nestedCallOf({ technique, inner }: Nested): string {
  const inSequence = technique.kind === 'rates';
  return callAround(
    technique,
    inner.map(part => (inSequence ? plainCallOf(part.technique) : nestedCallOf(part))),
  );
}

/** What its call needs. */
export const namesOf = ({ name, kind }: Technique): string[] => [
  name,
  ...(kind === 'rate' || kind === 'rates' ? ['schedule'] : kind === 'keepProb' ? ['dropout'] : []),
];
