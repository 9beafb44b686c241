/** The epochs at whose end the validation data are evaluated. */
import { OptionError } from '@keepprob/core';

/** Every nth epoch, or a list of epochs, counted from 1. */
export type ValidationFreq = number | readonly number[];

/** Whether the epoch with this index, from 0, is one of them. */
export const isEvaluated = (freq: ValidationFreq, epoch: number): boolean =>
  typeof freq === 'number' ? (epoch + 1) % freq === 0 : freq.includes(epoch + 1);

/** How many of the first `epochs` epochs are among them. */
export const evaluatedIn = (freq: ValidationFreq, epochs: number): number =>
  Array.from({ length: epochs }, (_, epoch) => isEvaluated(freq, epoch)).filter(Boolean).length;

/** @throws OptionError if none of a run's epochs is among them */
export function checkFreq(freq: ValidationFreq, epochs: number): void {
  if (evaluatedIn(freq, epochs) > 0) return;
  const expected =
    typeof freq === 'number'
      ? `an integer from 1 to ${epochs}, the epochs of the run`
      : `one of the epochs 1 … ${epochs} among them`;
  throw OptionError.of('fit', 'validationFreq', expected, freq);
}
