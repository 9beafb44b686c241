/** Class weights, in the form that the loss uses. */
import { OptionError } from '@keepprob/core';
import type { ClassWeight, FitOptions } from './options.ts';

/** For each output, the weight of class k at index k; undefined if the output has no class weights. */
export type ClassWeights = readonly (readonly number[] | undefined)[];

type Given = NonNullable<FitOptions['classWeight']>;

/**
 * @param units the number of units of each output
 * @throws OptionError if it is unclear which output the weights belong to, and for a class that an output does not have
 */
export function classWeights(
  outputs: readonly string[],
  units: readonly (number | null | undefined)[],
  given: Given | null,
): ClassWeights {
  if (given === null) return outputs.map(() => undefined);
  const byOutput = new Map<string, unknown>(
    isFlat(given) && outputs.length === 1 ? outputs.map(name => [name, given]) : Object.entries(given),
  );
  if (![...byOutput.keys()].every(name => outputs.includes(name))) {
    throw OptionError.of('fit', 'classWeight', `weights by output, of ${outputs.join(', ')}`, given);
  }
  return outputs.map((name, i) => {
    const table = byOutput.get(name);
    return isTable(table) ? listOf(table, units[i] ?? 1) : undefined;
  });
}

const isTable = (value: unknown): value is ClassWeight => typeof value === 'object' && value !== null;
const isFlat = (given: Given): given is ClassWeight => Object.values(given).every(weight => typeof weight === 'number');

function listOf(table: ClassWeight, units: number): readonly number[] {
  const classes = Object.keys(table).map(Number);
  const last = Math.max(-1, ...classes);
  if (units > 1 && last >= units) {
    throw OptionError.of(
      'fit',
      'classWeight',
      `classes 0 … ${units - 1}, one for each of the ${units} units of the output`,
      table,
    );
  }
  return Array.from({ length: last + 1 }, (_, k) => table[k] ?? 1);
}
