/** Checks whether a value of a journal is the outcome of a search. */
import { type Fields, isFields, isIndex, isNumber, isPoint } from './checks.ts';
import type { Outcome } from './entries.ts';

/** JSON has null for numbers that are not finite, such as the error of a single unit. */
const isNumberOrNot = (value: unknown): boolean => value === null || isNumber(value);
const isInterval = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && value.every(isNumberOrNot);
const isText = (value: unknown): boolean => value === null || typeof value === 'string';

/** @param trials number of trials in the journal, to which the outcome must refer */
export function isOutcome(value: unknown, trials: number): value is Outcome {
  if (!isFields(value) || !isIndex(value.rows) || !isText(value.stopped)) return false;
  const isTrial = (number: unknown): boolean => isIndex(number) && number < trials;
  const { chosen, against, nested } = value;
  if (!(nested === null || nested === undefined || isNested(nested))) return false;
  return isFields(chosen) && isChosen(chosen, isTrial) && (against === null || isAgainst(against, isTrial));
}

function isNested(value: unknown): boolean {
  if (!isFields(value) || !Array.isArray(value.folds)) return false;
  const areFolds = value.folds.every(
    fold => isFields(fold) && isPoint(fold.point) && isIndex(fold.epochs) && isNumber(fold.value),
  );
  return areFolds && isNumber(value.value) && isNumberOrNot(value.error) && isInterval(value.interval);
}

const isChosen = (
  { trial, point, value, error, interval, units, isConfirmed }: Fields,
  isTrial: (number: unknown) => boolean,
): boolean =>
  isTrial(trial) &&
  isPoint(point) &&
  isNumber(value) &&
  isNumberOrNot(error) &&
  isInterval(interval) &&
  isIndex(units) &&
  typeof isConfirmed === 'boolean';

function isAgainst(value: unknown, isTrial: (number: unknown) => boolean): boolean {
  if (!isFields(value)) return false;
  const { off, trial, difference, error, interval, verdict, units, unitsNeeded } = value;
  const isSaid = verdict === 'helps' || verdict === 'hurts' || verdict === 'cannotTell';
  const isMeasured = isNumber(difference) && isNumberOrNot(error) && isInterval(interval);
  return (
    isTrial(off) &&
    isTrial(trial) &&
    isMeasured &&
    isSaid &&
    isIndex(units) &&
    (unitsNeeded === null || isIndex(unitsNeeded))
  );
}
