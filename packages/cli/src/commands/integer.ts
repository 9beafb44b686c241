import { InvalidArgumentError } from 'commander';

/** Parses an integer from the command line. */
export const integer =
  (min: number) =>
  (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(Number.isSafeInteger(value) && value >= min)) throw new InvalidArgumentError(`Expected an integer ≥ ${min}.`);
    return value;
  };
