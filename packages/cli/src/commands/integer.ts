import { InvalidArgumentError } from 'commander';

/** Reads a whole number of the command line. */
export const integer =
  (min: number) =>
  (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(Number.isSafeInteger(value) && value >= min)) throw new InvalidArgumentError(`Expected an integer ≥ ${min}.`);
    return value;
  };
