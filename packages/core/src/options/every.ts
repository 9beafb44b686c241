/** How often something happens: all options called `every` have the same form, with the unit next to the number. */

/** After every nth update: `{ steps: n }`, or n alone. */
export type EverySteps = number | { readonly steps: number };

/** After every nth epoch: `{ epochs: n }`. */
export interface EveryEpochs {
  /** n, an integer ≥ 1. */
  readonly epochs: number;
}

/**
 * The n of an option `every`, in its unit.
 * @example
 * countOf({ steps: 100 }); // 100
 * countOf({ epochs: 2 }); // 2
 * countOf(100); // 100
 */
export function countOf(every: EverySteps | EveryEpochs): number {
  if (typeof every === 'number') return every;
  return 'steps' in every ? every.steps : every.epochs;
}

export const everySteps = {
  expected: '{ steps: n } with an integer n ≥ 1, or n alone',
  accepts: (value: unknown): value is EverySteps => isCount(value) || holds(value, 'steps'),
};

export const everyEpochs = {
  expected: '{ epochs: n } with an integer n ≥ 1',
  accepts: (value: unknown): value is EveryEpochs => holds(value, 'epochs'),
};

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 1;

function holds(value: unknown, unit: 'steps' | 'epochs'): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const entries = Object.entries(value);
  return entries.length === 1 && entries.every(([key, n]) => key === unit && isCount(n));
}
